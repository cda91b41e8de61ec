import Foundation
import JSON
import Synchronization

/// The file that `--events` names: one JSON object a line, as it happens.
///
/// It is for watching: a line that cannot be written is no reason to stop a run.
final class EventFile: Sendable {
  private let descriptor: Mutex<Int32>

  /// A new file; an existing one is refused.
  init(_ path: String) throws(OutputFile.Problem) {
    descriptor = Mutex(try OutputFile.create(path))
  }

  /// One event with its time.
  func write(_ entry: JSONObject, time: String) {
    var line: JSONObject = ["time": .string(time)]
    for member in entry.members { line[member.key] = member.value }
    let bytes = JSONValue.object(line).bytes() + [UInt8(ascii: "\n")]
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      if !OutputFile.write(bytes, to: descriptor) { descriptor = -1 }
    }
  }

  func close() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { _ = Foundation.close(descriptor) }
      descriptor = -1
    }
  }
}
