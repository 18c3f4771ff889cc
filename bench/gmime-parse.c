// What GMime itself costs: parses each message of an mbox or of files, decodes every leaf and the usual headers.
//
//   gmime-parse FILE…        an mbox (starting with "From ") or single messages
//
// Prints one JSON object with the messages, the parts, the decoded bytes and the time. One thread.
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static struct {
    long messages, parts;
    long long bytes;
} total;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void decode_leaf(GMimePart *part) {
    GMimeStream *memory = g_mime_stream_mem_new();
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (content) g_mime_data_wrapper_write_to_stream(content, memory);
    total.bytes += g_mime_stream_length(memory);
    total.parts += 1;
    if (GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
        g_free(text);
    } else {
        (void)g_mime_part_get_filename(part);
    }
    g_object_unref(memory);
}

static void each_part(GMimeObject *parent, GMimeObject *object, gpointer data) {
    (void)parent;
    (void)data;
    if (GMIME_IS_PART(object)) decode_leaf(GMIME_PART(object));
}

static void read_headers(GMimeMessage *message) {
    (void)g_mime_message_get_subject(message);
    (void)g_mime_message_get_date(message);
    (void)g_mime_message_get_message_id(message);
    char *from = internet_address_list_to_string(g_mime_message_get_from(message), NULL, FALSE);
    char *to = internet_address_list_to_string(g_mime_message_get_to(message), NULL, FALSE);
    const char *references = g_mime_object_get_header(GMIME_OBJECT(message), "References");
    if (references) g_mime_references_free(g_mime_references_parse(NULL, references));
    g_free(from);
    g_free(to);
}

static void read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(66);
    }
    char start[5] = {0};
    size_t got = fread(start, 1, 5, file);
    rewind(file);
    GMimeStream *stream = g_mime_stream_file_new(file);
    GMimeStream *buffered = g_mime_stream_buffer_new(stream, GMIME_STREAM_BUFFER_BLOCK_READ);
    GMimeParser *parser = g_mime_parser_new_with_stream(buffered);
    if (got == 5 && memcmp(start, "From ", 5) == 0) g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
    do {
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
        if (!message) break;
        total.messages += 1;
        read_headers(message);
        g_mime_message_foreach(message, each_part, NULL);
        g_object_unref(message);
    } while (!g_mime_parser_eos(parser));
    g_object_unref(parser);
    g_object_unref(buffered);
    g_object_unref(stream);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: gmime-parse FILE...\n");
        return 64;
    }
    g_mime_init();
    double started = now();
    for (int i = 1; i < argc; i++) read_file(argv[i]);
    double seconds = now() - started;
    printf("{\"messages\":%ld,\"parts\":%ld,\"decodedBytes\":%lld,\"seconds\":%.3f,\"perSecond\":%.1f}\n",
           total.messages, total.parts, total.bytes, seconds, (double)total.messages / seconds);
    return 0;
}
