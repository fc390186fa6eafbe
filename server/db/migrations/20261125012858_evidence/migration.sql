CREATE TABLE "attendance_lines" (
	"id" text PRIMARY KEY,
	"session" text NOT NULL,
	"half" text NOT NULL,
	"person" text NOT NULL,
	"kind" text NOT NULL,
	"minutes" integer,
	"reason" text NOT NULL,
	"author" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "attendance_lines_minutes" CHECK (("kind" = 'correction') = ("minutes" is not null))
);
--> statement-breakpoint
CREATE TABLE "attendance_signatures" (
	"session" text,
	"half" text,
	"person" text,
	"at" timestamp(3) with time zone NOT NULL,
	"user_agent" text NOT NULL,
	"words" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "attendance_signatures_key" PRIMARY KEY("session","half","person")
);
--> statement-breakpoint
CREATE TABLE "certificates" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"person" text NOT NULL,
	"kind" text NOT NULL,
	"language" text NOT NULL,
	"facts" jsonb NOT NULL,
	"author" text NOT NULL,
	"issued" timestamp(3) with time zone NOT NULL,
	"revoked" timestamp(3) with time zone,
	"revoke_reason" text,
	"revoker" text
);
--> statement-breakpoint
CREATE TABLE "training_bodies" (
	"spoc" text PRIMARY KEY,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"nda" text NOT NULL,
	"signatory" text NOT NULL,
	"capacity" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "attendance_lines_session" ON "attendance_lines" ("session","person","at");--> statement-breakpoint
CREATE INDEX "certificates_spoc" ON "certificates" ("spoc","issued");--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_valid" ON "certificates" ("spoc","person","kind") WHERE "revoked" is null;--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attendance_signatures" ADD CONSTRAINT "attendance_signatures_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "attendance_signatures" ADD CONSTRAINT "attendance_signatures_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_revoker_person_id_fkey" FOREIGN KEY ("revoker") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "training_bodies" ADD CONSTRAINT "training_bodies_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");