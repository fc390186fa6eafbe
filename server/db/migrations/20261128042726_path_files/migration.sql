CREATE TABLE "activity_files" (
	"activity" text,
	"file" text,
	CONSTRAINT "activity_files_key" PRIMARY KEY("activity","file")
);
--> statement-breakpoint
CREATE TABLE "draft_files" (
	"activity" text,
	"person" text,
	"file" text,
	"position" integer NOT NULL,
	CONSTRAINT "draft_files_key" PRIMARY KEY("activity","person","file")
);
--> statement-breakpoint
CREATE TABLE "hand_in_files" (
	"hand_in" text,
	"file" text,
	"position" integer NOT NULL,
	CONSTRAINT "hand_in_files_key" PRIMARY KEY("hand_in","file")
);
--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "width" integer;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "height" integer;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "unused" timestamp(3) with time zone;--> statement-breakpoint
CREATE INDEX "files_key" ON "files" ("key");--> statement-breakpoint
CREATE INDEX "activity_files_file" ON "activity_files" ("file");--> statement-breakpoint
CREATE INDEX "draft_files_file" ON "draft_files" ("file");--> statement-breakpoint
CREATE INDEX "hand_in_files_file" ON "hand_in_files" ("file");--> statement-breakpoint
ALTER TABLE "activity_files" ADD CONSTRAINT "activity_files_activity_activities_id_fkey" FOREIGN KEY ("activity") REFERENCES "activities"("id");--> statement-breakpoint
ALTER TABLE "activity_files" ADD CONSTRAINT "activity_files_file_files_id_fkey" FOREIGN KEY ("file") REFERENCES "files"("id");--> statement-breakpoint
ALTER TABLE "draft_files" ADD CONSTRAINT "draft_files_file_files_id_fkey" FOREIGN KEY ("file") REFERENCES "files"("id");--> statement-breakpoint
ALTER TABLE "draft_files" ADD CONSTRAINT "draft_files_draft" FOREIGN KEY ("activity","person") REFERENCES "drafts"("activity","person") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "hand_in_files" ADD CONSTRAINT "hand_in_files_hand_in_hand_ins_id_fkey" FOREIGN KEY ("hand_in") REFERENCES "hand_ins"("id");--> statement-breakpoint
ALTER TABLE "hand_in_files" ADD CONSTRAINT "hand_in_files_file_files_id_fkey" FOREIGN KEY ("file") REFERENCES "files"("id");