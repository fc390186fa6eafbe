CREATE TABLE "mentor_proposals" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"mentor" text NOT NULL,
	"person" text NOT NULL,
	"text" text NOT NULL,
	"times" jsonb NOT NULL,
	"last" timestamp(3) with time zone NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"picked" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "calendar_told" ADD COLUMN "place" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "activities" ADD COLUMN "due_by" jsonb;--> statement-breakpoint
CREATE INDEX "mentor_proposals_mentor" ON "mentor_proposals" ("mentor","spoc");--> statement-breakpoint
CREATE INDEX "mentor_proposals_person" ON "mentor_proposals" ("person");--> statement-breakpoint
ALTER TABLE "mentor_proposals" ADD CONSTRAINT "mentor_proposals_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "mentor_proposals" ADD CONSTRAINT "mentor_proposals_mentor_person_id_fkey" FOREIGN KEY ("mentor") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "mentor_proposals" ADD CONSTRAINT "mentor_proposals_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");