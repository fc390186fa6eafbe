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
ALTER TABLE "questions" ADD COLUMN "more" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "quiz_answers" ADD COLUMN "unsure" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "deck_cards_due" ON "deck_cards" ("person","due");--> statement-breakpoint
ALTER TABLE "deck_cards" ADD CONSTRAINT "deck_cards_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");