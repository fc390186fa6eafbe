CREATE TABLE "preflights" (
	"room" text,
	"person" text,
	"verdict" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "preflights_pkey" PRIMARY KEY("room","person")
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "waits" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "preflights" ADD CONSTRAINT "preflights_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "preflights" ADD CONSTRAINT "preflights_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");