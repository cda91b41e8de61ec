internal import CCurl

/// Header lines in libcurl's form.
///
/// Owned by one thread at a time. The memory is cleared before it is given back, because the list
/// of an endpoint holds its key.
struct CurlHeaderList: ~Copyable {
  private(set) var head: UnsafeMutablePointer<curl_slist>?
  private var tail: UnsafeMutablePointer<curl_slist>?

  init() {}

  /// Adds a line; an empty value needs libcurl's own spelling, or it would remove the header.
  mutating func append(_ header: HTTPHeader) {
    append(line: header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
  }

  /// Adds a line as it is: `name:` alone keeps libcurl from sending a header of its own.
  mutating func append(line: String) {
    line.withCString { append(cString: $0) }
  }

  /// Adds a line that ends with a zero byte; libcurl copies it.
  mutating func append(cString: UnsafePointer<CChar>) {
    guard let node = curl_slist_append(nil, cString) else { return }
    if let tail { tail.pointee.next = node } else { head = node }
    tail = node
  }

  /// This list with `rest` hanging below it, which stays its owner's.
  func joined(to rest: borrowing CurlHeaderList) -> UnsafeMutablePointer<curl_slist>? {
    guard let tail else { return rest.head }
    tail.pointee.next = rest.head
    return head
  }

  deinit {
    tail?.pointee.next = nil
    var node = head
    while let current = node {
      if let data = current.pointee.data { ccurl_wipe(data, strlen(data)) }
      node = current.pointee.next
    }
    curl_slist_free_all(head)
  }
}
