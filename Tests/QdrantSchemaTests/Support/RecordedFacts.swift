import JSON
import ResourceModel

/// The table of `derive-recorded-facts`.
struct RecordedFacts {
  /// What became of one value in a request.
  struct Verdict {
    /// `create hnsw_config.m`.
    var field: String
    var value: JSONValue
    var isAccepted: Bool
    var versions: [String]
    var recording: String
  }

  var versions: [String] = []
  /// Path below `result` → versions that showed it.
  var read: [String: [String]] = [:]
  /// `create hnsw_config.m` → versions that answered it with 200.
  var sent: [String: [String]] = [:]
  var verdicts: [Verdict] = []
  /// `stopwords` and `stemmer` → code → the word that answers show for it.
  var codes: [String: [String: String]] = [:]

  static func load() throws -> RecordedFacts {
    var table = RecordedFacts()
    for line in try FactFiles.lines("recorded-facts.jsonl") {
      guard let recording = line["recording"]?.string else {
        table.versions = line["versions"]?.strings ?? []
        continue
      }
      let versions = line["versions"]?.strings ?? table.versions
      if let path = line["read"]?.string {
        table.read[path] = versions
      } else if let path = line["sent"]?.string {
        table.sent[path] = versions
      } else if let code = line["code"]?.string, let kind = line["of"]?.string,
        let word = line["means"]?.string
      {
        table.codes[kind, default: [:]][code] = word
      } else if let request = line["request"]?.string, let path = line["path"]?.string,
        let value = line["value"], let isAccepted = line["accepted"]?.bool
      {
        table.verdicts.append(
          Verdict(
            field: "\(request) \(path)", value: value, isAccepted: isAccepted,
            versions: versions, recording: recording))
      } else {
        throw BrokenTable(message: line.text())
      }
    }
    guard table.versions.count > 1, !table.read.isEmpty, !table.verdicts.isEmpty else {
      throw BrokenTable(message: "recorded-facts.jsonl holds nothing")
    }
    return table
  }

  /// `1.13.6…1.14.1`.
  func run(_ versions: [String]) -> String {
    versions.count == 1 ? versions[0] : "\(versions.first ?? "")…\(versions.last ?? "")"
  }
}
