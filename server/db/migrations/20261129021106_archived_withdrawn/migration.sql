ALTER TABLE "messages" ADD COLUMN "withdrawer" text;--> statement-breakpoint
ALTER TABLE "spocs" ADD COLUMN "archived" timestamp(3) with time zone;