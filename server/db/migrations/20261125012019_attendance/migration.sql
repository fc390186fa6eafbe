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
CREATE INDEX "attendance_lines_session" ON "attendance_lines" ("session","person","at");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attendance_signatures" ADD CONSTRAINT "attendance_signatures_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "attendance_signatures" ADD CONSTRAINT "attendance_signatures_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");