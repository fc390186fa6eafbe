CREATE TABLE "credential" (
	"id" text PRIMARY KEY,
	"person" text NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"password" text,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp(3) with time zone,
	"refresh_token_expires_at" timestamp(3) with time zone,
	"scope" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"email" text NOT NULL CONSTRAINT "person_email" UNIQUE,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"language" text DEFAULT 'fr' NOT NULL,
	"zone" text DEFAULT 'Europe/Paris' NOT NULL,
	"colour" integer DEFAULT 0 NOT NULL,
	"administrator" boolean DEFAULT false NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in" (
	"id" text PRIMARY KEY,
	"person" text NOT NULL,
	"token" text NOT NULL CONSTRAINT "sign_in_token" UNIQUE,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"ip_address" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "verification" (
	"id" text PRIMARY KEY,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"room" text,
	"seq" integer,
	"person" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"text" text,
	CONSTRAINT "messages_line" UNIQUE("room","seq")
);
--> statement-breakpoint
CREATE TABLE "consequences" (
	"id" text PRIMARY KEY,
	"n" bigint GENERATED ALWAYS AS IDENTITY (sequence name "consequences_n_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"flow" text NOT NULL,
	"cause" text NOT NULL,
	"payload" jsonb,
	"state" text DEFAULT 'waiting' NOT NULL,
	"due" timestamp(3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"done" timestamp(3) with time zone,
	CONSTRAINT "consequences_once" UNIQUE("flow","cause")
);
--> statement-breakpoint
CREATE TABLE "replies" (
	"person" text,
	"key" text,
	"request" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"status" integer,
	"body" text,
	CONSTRAINT "replies_pkey" PRIMARY KEY("person","key")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY,
	"kind" text NOT NULL,
	"key" text,
	"payload" jsonb,
	"due" timestamp(3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"error" text,
	CONSTRAINT "jobs_key" UNIQUE("kind","key")
);
--> statement-breakpoint
CREATE TABLE "document_leases" (
	"document" text,
	"client" bigint,
	"person" text NOT NULL,
	CONSTRAINT "document_leases_pkey" PRIMARY KEY("document","client")
);
--> statement-breakpoint
CREATE TABLE "document_snapshots" (
	"document" text PRIMARY KEY,
	"seq" integer NOT NULL,
	"bytes" bytea NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_updates" (
	"document" text,
	"seq" integer,
	"at" timestamp(3) with time zone NOT NULL,
	"person" text NOT NULL,
	"client" bigint,
	"bytes" bytea NOT NULL,
	CONSTRAINT "document_updates_pkey" PRIMARY KEY("document","seq")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"feature" text NOT NULL,
	"owner" text,
	"created" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "boots" (
	"id" text PRIMARY KEY,
	"number" integer CONSTRAINT "boots_number" UNIQUE GENERATED ALWAYS AS IDENTITY (sequence name "boots_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"started" timestamp(3) with time zone NOT NULL,
	"seen" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"room" text,
	"person" text,
	"id" text,
	"seq" integer NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "commands_key" PRIMARY KEY("room","person","id")
);
--> statement-breakpoint
CREATE TABLE "happenings" (
	"room" text,
	"seq" integer,
	"at" bigint NOT NULL,
	"person" text,
	"kind" text NOT NULL,
	"v" integer NOT NULL,
	"audience" text,
	"payload" jsonb NOT NULL,
	"words" jsonb,
	CONSTRAINT "happenings_key" PRIMARY KEY("room","seq")
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"kind" text NOT NULL,
	"created" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" text PRIMARY KEY,
	"cause" text NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"text" text,
	"ics" text,
	"state" text DEFAULT 'queued' NOT NULL,
	"created" timestamp(3) with time zone NOT NULL,
	"changed" timestamp(3) with time zone NOT NULL,
	"due" timestamp(3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	CONSTRAINT "mails_once" UNIQUE("cause","recipient")
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"session" text,
	"text" text NOT NULL,
	"choices" jsonb NOT NULL,
	"right_choice" text,
	"explanation" text DEFAULT '' NOT NULL,
	"position" integer NOT NULL,
	"created" timestamp(3) with time zone NOT NULL,
	"removed" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "quiz_answers" (
	"room" text,
	"question" text,
	"person" text,
	"choice" text,
	"late" text,
	"at" timestamp(3) with time zone NOT NULL,
	"seq" integer NOT NULL,
	CONSTRAINT "quiz_answers_key" PRIMARY KEY("room","question","person")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"room" text NOT NULL CONSTRAINT "sessions_room" UNIQUE,
	"title" text NOT NULL,
	"intention" text DEFAULT '' NOT NULL,
	"starts" timestamp(3) with time zone NOT NULL,
	"ends" timestamp(3) with time zone NOT NULL,
	"zone" text NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "sessions_times" CHECK ("ends" > "starts")
);
--> statement-breakpoint
CREATE TABLE "arrivals" (
	"person" text,
	"invitation" text,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "arrivals_pkey" PRIMARY KEY("person","invitation")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"hash" text NOT NULL CONSTRAINT "invitations_hash" UNIQUE,
	"role" text NOT NULL,
	"organisation" text,
	"email" text,
	"uses_left" integer NOT NULL,
	"expires" timestamp(3) with time zone NOT NULL,
	"revoked" timestamp(3) with time zone,
	"created" timestamp(3) with time zone NOT NULL,
	"author" text NOT NULL,
	CONSTRAINT "invitations_uses" CHECK ("uses_left" >= 0)
);
--> statement-breakpoint
CREATE TABLE "members" (
	"spoc" text,
	"person" text,
	"role" text NOT NULL,
	"organisation" text,
	"since" timestamp(3) with time zone NOT NULL,
	"ended" timestamp(3) with time zone,
	CONSTRAINT "members_pkey" PRIMARY KEY("spoc","person")
);
--> statement-breakpoint
CREATE TABLE "spocs" (
	"id" text PRIMARY KEY,
	"title" text NOT NULL,
	"purpose" text DEFAULT '' NOT NULL,
	"objectives" text[] DEFAULT '{}'::text[] NOT NULL,
	"audience" text NOT NULL,
	"capacity" integer NOT NULL,
	"learners" integer DEFAULT 0 NOT NULL,
	"starts" date,
	"ends" date,
	"language" text NOT NULL,
	"zone" text NOT NULL,
	"outcome" text NOT NULL,
	"created" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "spocs_capacity" CHECK ("learners" between 0 and "capacity")
);
--> statement-breakpoint
CREATE INDEX "credential_person" ON "credential" ("person");--> statement-breakpoint
CREATE INDEX "sign_in_person" ON "sign_in" ("person");--> statement-breakpoint
CREATE INDEX "verification_identifier" ON "verification" ("identifier");--> statement-breakpoint
CREATE INDEX "messages_thread" ON "messages" ("spoc","at","id");--> statement-breakpoint
CREATE INDEX "consequences_due" ON "consequences" ("state","due");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" ("state","due");--> statement-breakpoint
CREATE INDEX "commands_room_seq" ON "commands" ("room","seq");--> statement-breakpoint
CREATE INDEX "mails_due" ON "mails" ("state","due");--> statement-breakpoint
CREATE INDEX "mails_created" ON "mails" ("created");--> statement-breakpoint
CREATE INDEX "questions_spoc" ON "questions" ("spoc","position");--> statement-breakpoint
CREATE INDEX "quiz_answers_person" ON "quiz_answers" ("person");--> statement-breakpoint
CREATE INDEX "sessions_spoc_starts" ON "sessions" ("spoc","starts");--> statement-breakpoint
CREATE INDEX "invitations_spoc" ON "invitations" ("spoc");--> statement-breakpoint
CREATE INDEX "members_person" ON "members" ("person");--> statement-breakpoint
ALTER TABLE "credential" ADD CONSTRAINT "credential_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sign_in" ADD CONSTRAINT "sign_in_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replies" ADD CONSTRAINT "replies_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "document_leases" ADD CONSTRAINT "document_leases_document_documents_id_fkey" FOREIGN KEY ("document") REFERENCES "documents"("id");--> statement-breakpoint
ALTER TABLE "document_snapshots" ADD CONSTRAINT "document_snapshots_document_documents_id_fkey" FOREIGN KEY ("document") REFERENCES "documents"("id");--> statement-breakpoint
ALTER TABLE "document_updates" ADD CONSTRAINT "document_updates_document_documents_id_fkey" FOREIGN KEY ("document") REFERENCES "documents"("id");--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "happenings" ADD CONSTRAINT "happenings_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "quiz_answers" ADD CONSTRAINT "quiz_answers_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "arrivals" ADD CONSTRAINT "arrivals_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "arrivals" ADD CONSTRAINT "arrivals_invitation_invitations_id_fkey" FOREIGN KEY ("invitation") REFERENCES "invitations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");