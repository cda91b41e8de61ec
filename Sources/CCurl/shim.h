#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* libcurl's setters and getters are variadic, which Swift cannot call: one function per type of
   argument. */

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

/* Both for CURLOPT_WRITEFUNCTION and for CURLOPT_HEADERFUNCTION. */
typedef size_t (*ccurl_data_function)(char *data, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_data_function(CURL *easy, CURLoption option,
                                               ccurl_data_function value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_get_private(CURL *easy, void **value) {
  return curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)value);
}

static inline CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}

/* The easy handle and the result of a message are in a union behind it. */
static inline CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

/* Clears memory that held a key, in a way that the compiler keeps. */
static inline void ccurl_wipe(char *memory, size_t size) { explicit_bzero(memory, size); }

/* Whether a socket address is link-local or serves a cloud's credentials. A name in a manifest may
   lead to such an address, also only from the second look-up on: it is asked per connection. */
static inline int ccurl_is_forbidden(const struct sockaddr *address) {
  unsigned char v4[4];
  if (address->sa_family == AF_INET) {
    memcpy(v4, &((const struct sockaddr_in *)address)->sin_addr, 4);
  } else if (address->sa_family == AF_INET6) {
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const unsigned char metadata[16] = {0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0,
                                               0,    0,    0,    0,    0, 0, 2, 0x54};
    unsigned char v6[16];
    memcpy(v6, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
    if (v6[0] == 0xfe && (v6[1] & 0xc0) == 0x80) return 1;
    if (memcmp(v6, metadata, 16) == 0) return 1;
    if (memcmp(v6, mapped, 12) != 0) return 0;
    memcpy(v4, v6 + 12, 4);
  } else {
    return 0;
  }
  return (v4[0] == 169 && v4[1] == 254) ||
         (v4[0] == 100 && v4[1] == 100 && v4[2] == 100 && v4[3] == 200);
}

/* Opens a connection's socket, or refuses the address and says so through `refused`, an `int *`. */
static inline curl_socket_t ccurl_open_socket(void *refused, curlsocktype purpose,
                                              struct curl_sockaddr *address) {
  (void)purpose;
  if (ccurl_is_forbidden(&address->addr)) {
    if (refused) *(int *)refused = 1;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline CURLcode ccurl_refuse_forbidden_addresses(CURL *easy, int *refused) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, ccurl_open_socket);
  return code ? code : curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, refused);
}
