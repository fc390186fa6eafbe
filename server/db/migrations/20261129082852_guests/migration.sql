CREATE TABLE "guest_links" (
	"session" text PRIMARY KEY,
	"id" text NOT NULL,
	"hash" text NOT NULL CONSTRAINT "guest_links_hash" UNIQUE,
	"made" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "guests" (
	"person" text PRIMARY KEY,
	"session" text NOT NULL,
	"hash" text CONSTRAINT "guests_hash" UNIQUE,
	"since" timestamp(3) with time zone NOT NULL,
	"removed" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE INDEX "guests_session" ON "guests" ("session");--> statement-breakpoint
ALTER TABLE "guest_links" ADD CONSTRAINT "guest_links_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");--> statement-breakpoint
ALTER TABLE "guests" ADD CONSTRAINT "guests_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "guests" ADD CONSTRAINT "guests_session_sessions_id_fkey" FOREIGN KEY ("session") REFERENCES "sessions"("id");