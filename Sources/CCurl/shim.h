#include <curl/curl.h>

// Swift cannot call functions of variable arguments: one wrapper for each kind of argument in use.

static inline CURLcode liaison_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode liaison_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode liaison_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode liaison_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode liaison_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*liaison_curl_write)(char *bytes, size_t size, size_t count, void *context);
typedef size_t (*liaison_curl_read)(char *bytes, size_t size, size_t count, void *context);
typedef int (*liaison_curl_debug)(CURL *handle, curl_infotype kind, char *bytes, size_t count, void *context);

static inline CURLcode liaison_curl_on_write(CURL *handle, liaison_curl_write function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, function);
    return code ? code : curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

static inline CURLcode liaison_curl_on_read(CURL *handle, liaison_curl_read function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, function);
    return code ? code : curl_easy_setopt(handle, CURLOPT_READDATA, context);
}

static inline CURLcode liaison_curl_on_debug(CURL *handle, liaison_curl_debug function, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, function);
    return code ? code : curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
}

static inline CURLcode liaison_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode liaison_curl_get_socket(CURL *handle, curl_socket_t *value) {
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, value);
}

static inline CURLcode liaison_curl_start(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}
