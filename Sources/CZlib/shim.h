#include <zlib.h>

// deflateInit2 is a macro, which Swift does not see. 16 more window bits mean gzip.
static inline int liaison_gzip_start(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
