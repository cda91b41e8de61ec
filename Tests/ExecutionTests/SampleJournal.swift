import Execution
import JSON
import SimulatedDisk
import Testing

/// A small journal, and short ways to make one.
enum SampleJournal {
  static let time = "2026-03-01T10:00:00Z"

  /// Entries of several shapes: text beyond ASCII, numbers that keep their text, nested values.
  static let entries: [JSONObject] = (1...12).map { number in
    switch number % 4 {
    case 0: ["done": .integer(number)]
    case 1: ["intent": .string("s\(number)"), "inverse": ["m": 16, "on_disk": false]]
    case 2: ["note": "é \"\n\u{1}", "ratio": .number(JSONNumber(text: "1.50e2"))]
    default: ["list": [.null, [:], []]]
    }
  }

  /// The journal with those entries, as it stands in its file.
  static func bytes(_ entries: [JSONObject] = entries) throws -> [UInt8] {
    let (files, state) = try disk()
    let writer = try state.createRun("r1", plan: [], reserving: 0)
    for entry in entries { try writer.append(entry: entry, time: time, durably: true) }
    return try files.read(journal)
  }

  /// What is wrong with a journal; nil when nothing is.
  static func damage(_ bytes: [UInt8]) -> JournalDamage? {
    do throws(JournalDamage) { _ = try JournalReader.read(bytes) } catch { return error }
    return nil
  }

  static let folder = "/w/.qdrant-reconciler"
  static let journal = folder + "/runs/r1/journal.jsonl"

  /// A new disk with a state folder on it.
  static func disk() throws -> (SimulatedFiles, StateFolder) {
    let files = SimulatedFiles()
    files.place("/w", as: .own(.folder, 0o755))
    return (files, try StateFolder.open(folder, in: files))
  }
}
