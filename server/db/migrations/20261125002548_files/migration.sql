CREATE TABLE "files" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"person" text NOT NULL,
	"audience" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text NOT NULL,
	"created" timestamp(3) with time zone NOT NULL,
	"key" text NOT NULL,
	"removed" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE INDEX "files_spoc" ON "files" ("spoc","created");--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");