CREATE TABLE "attendance_seals" (
	"spoc" text,
	"n" integer,
	"of" text NOT NULL CONSTRAINT "attendance_seals_of" UNIQUE,
	"hash" text NOT NULL,
	CONSTRAINT "attendance_seals_key" PRIMARY KEY("spoc","n")
);
--> statement-breakpoint
ALTER TABLE "replay_answers" ADD COLUMN "unsure" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "attendance_seals" ADD CONSTRAINT "attendance_seals_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");