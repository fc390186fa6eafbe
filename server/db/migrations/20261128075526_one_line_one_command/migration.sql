ALTER TABLE "happenings" ADD COLUMN "command" text;--> statement-breakpoint
UPDATE "happenings" SET "command" = "commands"."id" FROM "commands" WHERE "commands"."room" = "happenings"."room" AND "commands"."seq" = "happenings"."seq";--> statement-breakpoint
DROP TABLE "commands";--> statement-breakpoint
CREATE UNIQUE INDEX "happenings_command" ON "happenings" ("room","person","command") WHERE "command" is not null;
