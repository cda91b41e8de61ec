internal import CCurl

// Functions that libcurl calls on its thread. They stand alone in this file so that no actor can
// claim them; their state comes through the context pointer.

/// Takes a piece of a body; taking less than was given ends the transfer.
func curlDidReceiveBody(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context, let data else { return 0 }
  let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
  return handle.takeBody(bytes) ? bytes.count : 0
}

/// Takes one header line, the status line and the empty line among them.
func curlDidReceiveHeader(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context, let data else { return 0 }
  let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
  return handle.takeHeader(bytes) ? bytes.count : 0
}

/// The body of an engine's thread; takes over the reference that it is given.
func curlThreadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context {
    Unmanaged<CurlEngine>.fromOpaque(context).takeRetainedValue().run()
  }
  return nil
}
