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
CREATE INDEX "call_actions_call" ON "call_actions" ("call");--> statement-breakpoint
CREATE INDEX "call_actions_person" ON "call_actions" ("person");--> statement-breakpoint
CREATE INDEX "bookings_person" ON "bookings" ("person");--> statement-breakpoint
CREATE INDEX "calls_mentor" ON "calls" ("mentor","starts");--> statement-breakpoint
CREATE INDEX "calls_spoc" ON "calls" ("spoc","starts");--> statement-breakpoint
CREATE INDEX "call_goals_call" ON "call_goals" ("call");--> statement-breakpoint
CREATE INDEX "mentor_wishes_mentor" ON "mentor_wishes" ("mentor","spoc");--> statement-breakpoint
CREATE INDEX "mentor_wishes_person" ON "mentor_wishes" ("person");--> statement-breakpoint
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
ALTER TABLE "mentor_wishes" ADD CONSTRAINT "mentor_wishes_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");