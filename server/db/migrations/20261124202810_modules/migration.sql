CREATE TABLE "modules" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"title" text NOT NULL,
	"purpose" text DEFAULT '' NOT NULL,
	"position" integer NOT NULL,
	"created" timestamp(3) with time zone NOT NULL,
	"removed" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "module" text;--> statement-breakpoint
CREATE INDEX "modules_spoc" ON "modules" ("spoc","position");--> statement-breakpoint
ALTER TABLE "modules" ADD CONSTRAINT "modules_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_module_modules_id_fkey" FOREIGN KEY ("module") REFERENCES "modules"("id");