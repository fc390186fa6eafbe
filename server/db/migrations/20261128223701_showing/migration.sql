CREATE TABLE "slide_pages" (
	"room" text,
	"file" text,
	"page" integer,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"text" text NOT NULL,
	"shown" timestamp(3) with time zone,
	CONSTRAINT "slide_pages_pkey" PRIMARY KEY("room","file","page")
);
--> statement-breakpoint
CREATE TABLE "slides" (
	"room" text,
	"file" text,
	"row" integer NOT NULL,
	"pages" integer NOT NULL,
	"download" boolean NOT NULL,
	"person" text NOT NULL,
	"created" timestamp(3) with time zone NOT NULL,
	"removed" timestamp(3) with time zone,
	CONSTRAINT "slides_pkey" PRIMARY KEY("room","file"),
	CONSTRAINT "slides_row" UNIQUE("room","row")
);
--> statement-breakpoint
ALTER TABLE "slide_pages" ADD CONSTRAINT "slide_pages_of" FOREIGN KEY ("room","file") REFERENCES "slides"("room","file") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "slides" ADD CONSTRAINT "slides_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "slides" ADD CONSTRAINT "slides_file_files_id_fkey" FOREIGN KEY ("file") REFERENCES "files"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "slides" ADD CONSTRAINT "slides_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");