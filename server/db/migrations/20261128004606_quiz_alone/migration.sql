CREATE TABLE "question_versions" (
	"question" text,
	"version" integer,
	"seen" jsonb NOT NULL,
	"replaced" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "question_versions_key" PRIMARY KEY("question","version")
);
--> statement-breakpoint
CREATE TABLE "quiz_tries" (
	"id" text PRIMARY KEY,
	"activity" text NOT NULL,
	"person" text NOT NULL,
	"number" integer NOT NULL,
	"asked" jsonb NOT NULL,
	"given" jsonb DEFAULT '{}' NOT NULL,
	"right_answers" integer DEFAULT 0 NOT NULL,
	"of_answers" integer NOT NULL,
	"begun" timestamp(3) with time zone NOT NULL,
	"handed_in" timestamp(3) with time zone,
	CONSTRAINT "quiz_tries_number" UNIQUE("activity","person","number")
);
--> statement-breakpoint
CREATE TABLE "quizzes" (
	"activity" text PRIMARY KEY,
	"questions" text[] DEFAULT '{}'::text[] NOT NULL,
	"tries" integer,
	"pass_mark" integer NOT NULL,
	"feedback" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deck_cards" ADD COLUMN "source" text;--> statement-breakpoint
CREATE UNIQUE INDEX "quiz_tries_open" ON "quiz_tries" ("activity","person") WHERE "handed_in" is null;--> statement-breakpoint
CREATE INDEX "quiz_tries_person" ON "quiz_tries" ("person");--> statement-breakpoint
ALTER TABLE "question_versions" ADD CONSTRAINT "question_versions_question_questions_id_fkey" FOREIGN KEY ("question") REFERENCES "questions"("id");--> statement-breakpoint
ALTER TABLE "quiz_tries" ADD CONSTRAINT "quiz_tries_activity_activities_id_fkey" FOREIGN KEY ("activity") REFERENCES "activities"("id");--> statement-breakpoint
ALTER TABLE "quiz_tries" ADD CONSTRAINT "quiz_tries_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "quizzes" ADD CONSTRAINT "quizzes_activity_activities_id_fkey" FOREIGN KEY ("activity") REFERENCES "activities"("id");