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
CREATE TABLE "calendar_feeds" (
	"person" text PRIMARY KEY,
	"hash" text NOT NULL CONSTRAINT "calendar_feeds_hash" UNIQUE,
	"created" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_told" (
	"event" text,
	"person" text,
	"sequence" integer NOT NULL,
	"title" text NOT NULL,
	"starts" timestamp(3) with time zone NOT NULL,
	"ends" timestamp(3) with time zone NOT NULL,
	"cancelled" boolean NOT NULL,
	CONSTRAINT "calendar_told_key" PRIMARY KEY("event","person")
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
CREATE TABLE "deck_cards" (
	"id" text PRIMARY KEY,
	"person" text NOT NULL,
	"spoc" text NOT NULL,
	"question" text NOT NULL,
	"seen" jsonb NOT NULL,
	"reason" text NOT NULL,
	"step" integer NOT NULL,
	"due" date,
	"entered" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "deck_cards_question" UNIQUE("person","question")
);
--> statement-breakpoint
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
CREATE TABLE "answer_promises" (
	"spoc" text PRIMARY KEY,
	"hours" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inquiries" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"author" text NOT NULL,
	"place" jsonb NOT NULL,
	"place_title" text NOT NULL,
	"text" text,
	"asked" timestamp(3) with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"owner" text,
	"answer" text,
	"answered" timestamp(3) with time zone,
	"answerer" text,
	"published" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_actions" (
	"id" text PRIMARY KEY,
	"call" text NOT NULL,
	"person" text NOT NULL,
	"author" text NOT NULL,
	"title" text NOT NULL,
	"due" timestamp(3) with time zone,
	"at" timestamp(3) with time zone NOT NULL,
	"withdrawn" timestamp(3) with time zone,
	"activity" text
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"call" text,
	"person" text,
	"author" text NOT NULL,
	"about" text DEFAULT '' NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"ended" timestamp(3) with time zone,
	"reason" text DEFAULT '' NOT NULL,
	CONSTRAINT "bookings_key" PRIMARY KEY("call","person")
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"mentor" text NOT NULL,
	"room" text NOT NULL CONSTRAINT "calls_room" UNIQUE,
	"starts" timestamp(3) with time zone NOT NULL,
	"ends" timestamp(3) with time zone NOT NULL,
	"free" timestamp(3) with time zone NOT NULL,
	"cutoff" integer NOT NULL,
	"capacity" integer NOT NULL,
	"zone" text NOT NULL,
	"place" text NOT NULL,
	"address" text NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	"created" timestamp(3) with time zone NOT NULL,
	"private_notes" text DEFAULT '' NOT NULL,
	CONSTRAINT "calls_times" CHECK ("ends" > "starts" and "free" >= "ends"),
	CONSTRAINT "calls_capacity" CHECK ("capacity" between 1 and 6)
);
--> statement-breakpoint
CREATE TABLE "call_goals" (
	"id" text PRIMARY KEY,
	"call" text NOT NULL,
	"author" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"removed" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "mentor_offers" (
	"spoc" text,
	"person" text,
	"open" boolean NOT NULL,
	"zone" text NOT NULL,
	"windows" jsonb NOT NULL,
	"exceptions" jsonb NOT NULL,
	"minutes" integer NOT NULL,
	"buffer" integer NOT NULL,
	"notice" integer NOT NULL,
	"cutoff" integer NOT NULL,
	"horizon" integer NOT NULL,
	"place" text NOT NULL,
	"address" text NOT NULL,
	"capacity" integer NOT NULL,
	"quota" integer,
	CONSTRAINT "mentor_offers_key" PRIMARY KEY("spoc","person")
);
--> statement-breakpoint
CREATE TABLE "mentor_wishes" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"mentor" text NOT NULL,
	"person" text NOT NULL,
	"text" text NOT NULL,
	"times" jsonb NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"answered" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "notice_muted" (
	"person" text,
	"topic" text,
	CONSTRAINT "notice_muted_key" PRIMARY KEY("person","topic")
);
--> statement-breakpoint
CREATE TABLE "notice_quiet" (
	"person" text PRIMARY KEY,
	"quiet_from" integer NOT NULL,
	"quiet_to" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" text PRIMARY KEY,
	"person" text NOT NULL,
	"cause" text NOT NULL,
	"facts" jsonb NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"seen" timestamp(3) with time zone,
	CONSTRAINT "notices_once" UNIQUE("cause","person")
);
--> statement-breakpoint
CREATE TABLE "activities" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"module" text,
	"person" text,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"minutes" integer,
	"required" boolean DEFAULT true NOT NULL,
	"objectives" text[] DEFAULT '{}'::text[] NOT NULL,
	"axes" jsonb NOT NULL,
	"releases" timestamp(3) with time zone,
	"due" timestamp(3) with time zone,
	"prerequisites" text[] DEFAULT '{}'::text[] NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"detail" jsonb NOT NULL,
	"cause" text CONSTRAINT "activities_cause" UNIQUE,
	"author" text,
	"created" timestamp(3) with time zone NOT NULL,
	"removed" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"activity" text,
	"person" text,
	"text" text NOT NULL,
	"saved" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "drafts_key" PRIMARY KEY("activity","person")
);
--> statement-breakpoint
CREATE TABLE "hand_ins" (
	"id" text PRIMARY KEY,
	"activity" text NOT NULL,
	"person" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"feedback" text,
	"feedback_by" text,
	"feedback_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "progress" (
	"line" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "progress_line_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"activity" text NOT NULL,
	"person" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"by" text
);
--> statement-breakpoint
CREATE TABLE "ratings" (
	"activity" text NOT NULL,
	"person" text NOT NULL,
	"objective" text NOT NULL,
	"level" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "ratings_key" UNIQUE("activity","person","objective")
);
--> statement-breakpoint
CREATE TABLE "recording_objections" (
	"room" text,
	"person" text,
	"at" timestamp(3) with time zone NOT NULL,
	"settled" timestamp(3) with time zone,
	CONSTRAINT "recording_objections_pkey" PRIMARY KEY("room","person")
);
--> statement-breakpoint
CREATE TABLE "recording_parts" (
	"id" text PRIMARY KEY,
	"room" text NOT NULL,
	"person" text NOT NULL,
	"seat" text NOT NULL,
	"started" timestamp(3) with time zone NOT NULL,
	"ended" timestamp(3) with time zone,
	"type" text,
	"next" integer DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"anchors" jsonb DEFAULT '[]' NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"film" text,
	"film_type" text,
	"film_size" bigint,
	"film_of" bigint,
	"duration" integer,
	"failed" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recordings" (
	"room" text PRIMARY KEY,
	"started" timestamp(3) with time zone NOT NULL,
	"kept_until" timestamp(3) with time zone NOT NULL,
	"hidden" timestamp(3) with time zone,
	"deleted" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "replay_answers" (
	"room" text,
	"person" text,
	"question" text,
	"choice" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "replay_answers_pkey" PRIMARY KEY("room","person","question")
);
--> statement-breakpoint
CREATE TABLE "replay_chapters" (
	"room" text PRIMARY KEY,
	"chapters" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "replay_progress" (
	"room" text,
	"person" text,
	"position" integer NOT NULL,
	"watched" jsonb NOT NULL,
	"saved" timestamp(3) with time zone NOT NULL,
	"caught_up" timestamp(3) with time zone,
	CONSTRAINT "replay_progress_pkey" PRIMARY KEY("room","person")
);
--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "more" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "quiz_answers" ADD COLUMN "unsure" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "attendance_lines_session" ON "attendance_lines" ("session","person","at");--> statement-breakpoint
CREATE INDEX "certificates_spoc" ON "certificates" ("spoc","issued");--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_valid" ON "certificates" ("spoc","person","kind") WHERE "revoked" is null;--> statement-breakpoint
CREATE INDEX "deck_cards_due" ON "deck_cards" ("person","due");--> statement-breakpoint
CREATE INDEX "files_spoc" ON "files" ("spoc","created");--> statement-breakpoint
CREATE INDEX "inquiries_spoc" ON "inquiries" ("spoc","state","asked");--> statement-breakpoint
CREATE INDEX "inquiries_author" ON "inquiries" ("author");--> statement-breakpoint
CREATE INDEX "call_actions_call" ON "call_actions" ("call");--> statement-breakpoint
CREATE INDEX "call_actions_person" ON "call_actions" ("person");--> statement-breakpoint
CREATE INDEX "bookings_person" ON "bookings" ("person");--> statement-breakpoint
CREATE INDEX "calls_mentor" ON "calls" ("mentor","starts");--> statement-breakpoint
CREATE INDEX "calls_spoc" ON "calls" ("spoc","starts");--> statement-breakpoint
CREATE INDEX "call_goals_call" ON "call_goals" ("call");--> statement-breakpoint
CREATE INDEX "mentor_wishes_mentor" ON "mentor_wishes" ("mentor","spoc");--> statement-breakpoint
CREATE INDEX "mentor_wishes_person" ON "mentor_wishes" ("person");--> statement-breakpoint
CREATE INDEX "notices_person" ON "notices" ("person","at");--> statement-breakpoint
CREATE INDEX "activities_spoc" ON "activities" ("spoc","position");--> statement-breakpoint
CREATE INDEX "activities_person" ON "activities" ("person");--> statement-breakpoint
CREATE INDEX "hand_ins_activity" ON "hand_ins" ("activity","person");--> statement-breakpoint
CREATE INDEX "progress_activity_person" ON "progress" ("activity","person");--> statement-breakpoint
CREATE INDEX "progress_person" ON "progress" ("person");--> statement-breakpoint
CREATE INDEX "ratings_person" ON "ratings" ("person");--> statement-breakpoint
CREATE INDEX "recording_parts_room" ON "recording_parts" ("room","started");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attendance_lines" ADD CONSTRAINT "attendance_lines_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attendance_signatures" ADD CONSTRAINT "attendance_signatures_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "attendance_signatures" ADD CONSTRAINT "attendance_signatures_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "calendar_told" ADD CONSTRAINT "calendar_told_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_revoker_person_id_fkey" FOREIGN KEY ("revoker") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "training_bodies" ADD CONSTRAINT "training_bodies_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "deck_cards" ADD CONSTRAINT "deck_cards_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "answer_promises" ADD CONSTRAINT "answer_promises_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_owner_person_id_fkey" FOREIGN KEY ("owner") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_answerer_person_id_fkey" FOREIGN KEY ("answerer") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "call_actions" ADD CONSTRAINT "call_actions_call_calls_id_fkey" FOREIGN KEY ("call") REFERENCES "calls"("id");--> statement-breakpoint
ALTER TABLE "call_actions" ADD CONSTRAINT "call_actions_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_call_calls_id_fkey" FOREIGN KEY ("call") REFERENCES "calls"("id");--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_mentor_person_id_fkey" FOREIGN KEY ("mentor") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "call_goals" ADD CONSTRAINT "call_goals_call_calls_id_fkey" FOREIGN KEY ("call") REFERENCES "calls"("id");--> statement-breakpoint
ALTER TABLE "mentor_offers" ADD CONSTRAINT "mentor_offers_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "mentor_offers" ADD CONSTRAINT "mentor_offers_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "mentor_wishes" ADD CONSTRAINT "mentor_wishes_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "mentor_wishes" ADD CONSTRAINT "mentor_wishes_mentor_person_id_fkey" FOREIGN KEY ("mentor") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "mentor_wishes" ADD CONSTRAINT "mentor_wishes_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "notice_muted" ADD CONSTRAINT "notice_muted_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "notice_quiet" ADD CONSTRAINT "notice_quiet_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "activities" ADD CONSTRAINT "activities_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "activities" ADD CONSTRAINT "activities_module_modules_id_fkey" FOREIGN KEY ("module") REFERENCES "modules"("id");--> statement-breakpoint
ALTER TABLE "activities" ADD CONSTRAINT "activities_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "activities" ADD CONSTRAINT "activities_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_activity_activities_id_fkey" FOREIGN KEY ("activity") REFERENCES "activities"("id");--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "hand_ins" ADD CONSTRAINT "hand_ins_activity_activities_id_fkey" FOREIGN KEY ("activity") REFERENCES "activities"("id");--> statement-breakpoint
ALTER TABLE "hand_ins" ADD CONSTRAINT "hand_ins_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "hand_ins" ADD CONSTRAINT "hand_ins_feedback_by_person_id_fkey" FOREIGN KEY ("feedback_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "progress" ADD CONSTRAINT "progress_activity_activities_id_fkey" FOREIGN KEY ("activity") REFERENCES "activities"("id");--> statement-breakpoint
ALTER TABLE "progress" ADD CONSTRAINT "progress_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "progress" ADD CONSTRAINT "progress_by_person_id_fkey" FOREIGN KEY ("by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_activity_activities_id_fkey" FOREIGN KEY ("activity") REFERENCES "activities"("id");--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "recording_objections" ADD CONSTRAINT "recording_objections_room_recordings_room_fkey" FOREIGN KEY ("room") REFERENCES "recordings"("room");--> statement-breakpoint
ALTER TABLE "recording_objections" ADD CONSTRAINT "recording_objections_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "recording_parts" ADD CONSTRAINT "recording_parts_room_recordings_room_fkey" FOREIGN KEY ("room") REFERENCES "recordings"("room");--> statement-breakpoint
ALTER TABLE "recording_parts" ADD CONSTRAINT "recording_parts_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_answers" ADD CONSTRAINT "replay_answers_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_answers" ADD CONSTRAINT "replay_answers_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "replay_chapters" ADD CONSTRAINT "replay_chapters_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_progress" ADD CONSTRAINT "replay_progress_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_progress" ADD CONSTRAINT "replay_progress_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");