CREATE TABLE "answer_promises" (
	"spoc" text PRIMARY KEY,
	"hours" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inquiries" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"author" text NOT NULL,
	"place" jsonb NOT NULL,
	"place_title" text NOT NULL,
	"text" text,
	"asked" timestamp(3) with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"owner" text,
	"answer" text,
	"answered" timestamp(3) with time zone,
	"answerer" text,
	"published" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX "inquiries_spoc" ON "inquiries" ("spoc","state","asked");--> statement-breakpoint
CREATE INDEX "inquiries_author" ON "inquiries" ("author");--> statement-breakpoint
ALTER TABLE "answer_promises" ADD CONSTRAINT "answer_promises_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_author_person_id_fkey" FOREIGN KEY ("author") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_owner_person_id_fkey" FOREIGN KEY ("owner") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "inquiries" ADD CONSTRAINT "inquiries_answerer_person_id_fkey" FOREIGN KEY ("answerer") REFERENCES "person"("id");