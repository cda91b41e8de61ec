import Glibc

/// The requests since a checkpoint, in one file that is only appended to.
///
/// A record is written before its answer leaves: what a client was told survives `kill -9`, since
/// the system keeps what was written. Against a loss of power only checkpoints are flushed.
struct RequestLog {
  let path: String
  let descriptor: Int32
  /// Bytes in the file, all of whole records.
  private(set) var size: Int

  private static let magic = Array("QSBXLOG1".utf8)

  /// What the file begins with.
  private static func header(generation: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt64(clamping: generation))
    return magic + writer.bytes
  }

  static let headerSize = 16

  /// A new, empty log, flushed.
  init(creating path: String, generation: Int) throws(StoreError) {
    self.path = path
    descriptor = try Files.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    let header = RequestLog.header(generation: generation)
    size = header.count
    do throws(StoreError) {
      try Files.write(header, to: descriptor, path)
      try Files.sync(descriptor, path)
    } catch {
      close()
      unlink(path)
      throw error
    }
  }

  /// A log with the records in it; a torn end is cut off.
  init(
    opening path: String, generation: Int, _ visit: (LogRecord, Int) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard let bytes = try Files.read(path) else {
      throw .damaged(file: path, offset: nil, detail: "the file is missing")
    }
    let header = RequestLog.header(generation: generation)
    guard bytes.count >= header.count else {
      guard header.starts(with: bytes) else {
        throw .damaged(file: path, offset: 0, detail: "this is no log of a simulated Qdrant")
      }
      self = try RequestLog(creating: path, generation: generation)
      return
    }
    guard bytes.starts(with: header) else {
      throw .damaged(file: path, offset: 0, detail: "this is no log of a simulated Qdrant")
    }
    let end = try RequestLog.read(bytes, path: path, visit)
    self.path = path
    descriptor = try Files.open(path, O_WRONLY | O_APPEND)
    size = end
    if end < bytes.count {
      do throws(StoreError) { try Files.truncate(descriptor, to: end, path) } catch {
        close()
        throw error
      }
    }
  }

  /// Visits all whole records and returns where they end.
  ///
  /// A record that is not whole is the end of what was written when it is the last thing in the
  /// file; with more behind it the file is damaged, and what was acknowledged would be lost.
  private static func read(
    _ bytes: [UInt8], path: String, _ visit: (LogRecord, Int) throws(StoreError) -> Void
  ) throws(StoreError) -> Int {
    var at = headerSize
    while at < bytes.count {
      let rest = bytes[at...]
      guard rest.count >= LogRecord.frameHeaderSize else { return at }
      var reader = ByteReader(bytes: rest)
      guard let length = reader.integer(UInt32.self), let check = reader.integer(UInt32.self),
        let checksum = reader.integer(UInt32.self)
      else { return at }
      guard length == ~check else {
        if rest.allSatisfy({ $0 == 0 }) { return at }
        throw .damaged(file: path, offset: at, detail: "no record begins here")
      }
      guard reader.bytes.count >= Int(length) else { return at }
      let payload = reader.bytes.prefix(Int(length))
      guard Checksum.crc32(payload) == checksum, let record = LogRecord(payload: payload) else {
        if payload.endIndex == bytes.count { return at }
        throw .damaged(file: path, offset: at, detail: "the record's checksum is wrong")
      }
      try visit(record, at)
      at = payload.endIndex
    }
    return at
  }

  /// Appends a record; after a failure the file is as before.
  mutating func append(_ record: LogRecord) throws(StoreError) {
    let frame = record.frame
    do throws(StoreError) { try Files.write(frame, to: descriptor, path) } catch {
      try Files.truncate(descriptor, to: size, path)
      throw error
    }
    size += frame.count
  }

  func close() { _ = Glibc.close(descriptor) }
}
