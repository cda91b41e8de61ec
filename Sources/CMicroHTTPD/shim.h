#include <microhttpd.h>

/* What Swift cannot call or name by itself: variadic functions, macros, and the constants of
   enumerations that declare themselves closed. */

static inline enum MHD_Result sandbox_mhd_yes(void) { return MHD_YES; }
static inline enum MHD_Result sandbox_mhd_no(void) { return MHD_NO; }

/* With no threads named, one a connection: the handler may block, which delays and stalls need.
   Otherwise so many that share the connections, where it may not. A thread that has as many as the
   limit allows does not hear that it is to stop until one goes away (0.9.75), so that the limit
   lies beyond what descriptors allow. With a certificate and its key, both PEM, it speaks TLS. */
static inline struct MHD_Daemon *sandbox_mhd_start(
    int listening, unsigned int threads, unsigned int idle_seconds, size_t memory,
    const char *certificate, const char *key, void *context, MHD_AccessHandlerCallback handle,
    void *(*begin)(void *context, const char *target, struct MHD_Connection *connection),
    MHD_RequestCompletedCallback end) {
  unsigned int mode = threads == 0 ? MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL : MHD_USE_EPOLL;
  if (certificate) mode |= MHD_USE_TLS;
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key},
      {MHD_OPTION_END, 0, NULL}};
  unsigned int limit = threads == 0 ? 1020 : threads << 20;
  return MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD | mode, 0, NULL, NULL, handle, context,
      MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT, limit,
      MHD_OPTION_LISTEN_SOCKET, (MHD_socket)listening, MHD_OPTION_ARRAY, certificate ? tls : tls + 2,
      MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
      MHD_OPTION_URI_LOG_CALLBACK, begin, context,
      MHD_OPTION_NOTIFY_COMPLETED, end, context,
      MHD_OPTION_END);
}

static inline void sandbox_mhd_headers(
    struct MHD_Connection *connection, MHD_KeyValueIterator visit, void *context) {
  MHD_get_connection_values(connection, MHD_HEADER_KIND, visit, context);
}

/* 0 lets the connection stay open for ever. */
static inline void sandbox_mhd_set_timeout(
    struct MHD_Connection *connection, unsigned int seconds) {
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

/* The connection's socket, or -1. */
static inline int sandbox_mhd_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? (int)info->connect_fd : -1;
}

/* A body that is copied. */
static inline struct MHD_Response *sandbox_mhd_response(const void *bytes, size_t count) {
  return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

static inline ssize_t sandbox_mhd_broken_body(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }
