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
CREATE INDEX "notices_person" ON "notices" ("person","at");--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "calendar_told" ADD CONSTRAINT "calendar_told_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "notice_muted" ADD CONSTRAINT "notice_muted_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "notice_quiet" ADD CONSTRAINT "notice_quiet_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");