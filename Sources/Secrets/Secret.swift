import CCrypto

/// A secret value that cannot be printed, encoded or compared by accident.
///
/// There is no way from it to a `String`: the bytes are reached through ``withBytes(_:)`` only, so
/// every place that uses a key can be found by that name. The buffer belongs to the value alone and
/// is overwritten when the last copy goes; copies that a library under us makes are out of reach.
package struct Secret: Sendable {
  /// What stands wherever a secret would have been printed.
  package static let mask = "‹secret›"

  private let storage: SecretStorage

  /// Copies the bytes; the caller's buffer stays the caller's to clear.
  package init(copying bytes: some Collection<UInt8>) {
    storage = SecretStorage(bytes)
  }

  /// How many bytes it has.
  package var count: Int { storage.count }

  /// Gives the bytes to `body`; the pointer must not outlive the call.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(storage.bytes)
  }

  /// Whether both hold the same bytes, in a time that does not tell where they differ.
  package func hasSameBytes(as other: Secret) -> Bool {
    count == other.count
      && withBytes { mine in
        other.withBytes { CRYPTO_memcmp(mine.baseAddress, $0.baseAddress, mine.count) == 0 }
      }
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { Self.mask }
  package var debugDescription: String { Self.mask }
  package var customMirror: Mirror { Mirror(Self.mask, children: []) }
}

/// The one buffer behind all copies of a ``Secret``.
///
/// The address is kept as a number, because a pointer is not `Sendable`; the bytes never change
/// between `init` and `deinit`, so they may be read from anywhere.
private final class SecretStorage: Sendable {
  private let address: UInt
  let count: Int

  init(_ source: some Collection<UInt8>) {
    count = source.count
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: max(1, count), alignment: 1)
    UnsafeMutableRawBufferPointer(start: buffer, count: count).copyBytes(from: source)
    address = UInt(bitPattern: buffer)
  }

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
  }

  deinit {
    guard let buffer = UnsafeMutableRawPointer(bitPattern: address) else { return }
    OPENSSL_cleanse(buffer, count)
    buffer.deallocate()
  }
}
