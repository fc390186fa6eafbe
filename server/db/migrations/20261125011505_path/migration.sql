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
CREATE INDEX "activities_spoc" ON "activities" ("spoc","position");--> statement-breakpoint
CREATE INDEX "activities_person" ON "activities" ("person");--> statement-breakpoint
CREATE INDEX "hand_ins_activity" ON "hand_ins" ("activity","person");--> statement-breakpoint
CREATE INDEX "progress_activity_person" ON "progress" ("activity","person");--> statement-breakpoint
CREATE INDEX "progress_person" ON "progress" ("person");--> statement-breakpoint
CREATE INDEX "ratings_person" ON "ratings" ("person");--> statement-breakpoint
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
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");