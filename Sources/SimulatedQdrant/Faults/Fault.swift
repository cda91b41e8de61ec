/// Something that goes wrong with one request, at a standalone server or on the way to it.
///
/// Times are seconds, sizes bytes. "Applied" means that the server did what was asked.
package enum Fault: Sendable, Equatable {
  /// The connection is refused: nothing left. Over a socket, where a request must be read to be
  /// matched, the same as `dropBeforeRead`.
  case refuse
  /// The connection is reset before anything was read; not applied.
  case dropBeforeRead
  /// The connection is reset after so many bytes of the body; not applied.
  case dropMidRequest(after: Int)
  /// The whole request is read, then the connection is closed; not applied.
  case dropBeforeApply
  /// Applied, then the connection is closed without an answer.
  case dropAfterApply
  /// Applied at once, answered late.
  case delay(seconds: Double)
  /// Applied, but answered with an error of that status.
  case applyThenStatus(Int)
  /// Answered with this; not applied.
  case status(Int, body: [UInt8], headers: [FaultHeader])
  /// Answered as a consensus that timed out; applied that much later.
  case lateApply(seconds: Double)
  /// Answered as a consensus that timed out; never applied.
  case neverApply
  /// Only the first so many sections of a PATCH, or actions of a list, are applied.
  case partialApply(Int)
  /// Applied so many times, as by a proxy that retries; the last answer is given.
  case duplicate(times: Int)
  /// Applied; the answer's body breaks off after so many bytes.
  case truncate(after: Int)
  /// Applied; 200 with these bytes as a page, as a captive portal answers.
  case garbage([UInt8])
  /// Applied; bytes that are no HTTP in place of the answer.
  case notHTTP([UInt8])
  /// Applied; the answer is JSON of another shape.
  case wrongSchema(SchemaChange)
  /// Applied; the answer trickles.
  case slowloris(bytesPerSecond: Double)
  /// The connection stays open and nothing comes.
  case blackhole(applied: Bool)
  /// 200 with a body of so many bytes; not applied.
  case hugeBody(bytes: Int)
  /// A redirect to that address; not applied.
  case redirect(to: String, status: Int)
  /// Applied; answered with what the request before was answered.
  case previousAnswer
  /// The server restarts and the connection is lost; not applied. Without its storage it comes
  /// back empty.
  case restart(keepingStorage: Bool)
  /// The server was upgraded to that line before this request, which is then served.
  case version(ServerLine)
  /// More than so many requests a second are answered 429; not applied.
  case rate(perSecond: Double, retryAfter: Int?)
  /// The key is no longer known: 401; not applied.
  case authFlip
  /// A collection reads as without indexes and points, as when its shard cannot report.
  case emptyInfo
}

/// A header of an answer that a fault gives.
package struct FaultHeader: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// How an answer's JSON differs from what a client expects.
package enum SchemaChange: Sendable, Equatable {
  /// `result` is null.
  case nullResult
  /// There is no `result`.
  case noResult
  /// `result` is a list with the result in it.
  case listResult
  /// `result` is a text.
  case textResult
  /// The whole answer is this.
  case emptyObject
  /// Every object has a member that nobody knows.
  case extraMembers
  /// The member at this chain of names is missing.
  case without([String])
  /// `result` is nested so many lists deep.
  case deepResult(levels: Int)
}
