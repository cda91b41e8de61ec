/// Runs: `runs/<id>/plan.json` and `runs/<id>/journal.jsonl`.
///
/// A run is there as a whole or not at all. It is built under a name that is no id, its files and
/// its folder are flushed, and one rename makes it a run. A run without a record is one in which
/// nothing has begun.
extension StateFolder {
  private static let unfinished = ".new-"

  /// The ids of all runs, in the order of their bytes; whatever else is there does not count.
  package func runs() throws(StateFailure) -> [String] {
    guard try isSound(runsPath) else { return [] }
    let names = try disk { () throws(FileFailure) in try files.names(in: runsPath) }
    var ids: [String] = []
    for name in names where StateFolder.isRunID(name) {
      let path = runsPath + "/" + name
      let status = try disk { () throws(FileFailure) in try files.status(of: path) }
      if status?.kind == .folder { ids.append(name) }
    }
    return ids
  }

  /// Makes a run with its plan, an empty journal and `bytes` reserved for it.
  ///
  /// A full disk refuses before anything else, and what crashes have left is removed. After a
  /// failure there is no such run, or (when the last flush failed) a whole one without a record.
  package func createRun(
    _ id: String, plan: [UInt8], reserving bytes: Int
  ) throws(StateFailure) -> JournalWriter {
    let folder = try path(of: id)
    guard try disk({ () throws(FileFailure) in try files.status(of: folder) }) == nil else {
      throw .runExists(id)
    }
    try disk { () throws(FileFailure) in
      for name in try files.names(in: runsPath) where name.hasPrefix(StateFolder.unfinished) {
        try removeUnfinished(runsPath + "/" + name)
      }
    }
    let temporary = runsPath + "/" + StateFolder.unfinished + id
    do throws(FileFailure) {
      let journal = try build(temporary, plan: plan, reserving: bytes, as: folder)
      return JournalWriter(journal, after: JournalContents(), in: files)
    } catch {
      try? removeUnfinished(temporary)
      throw StateFailure(error)
    }
  }

  /// Goes on with a run: what its journal says, and a writer after that.
  ///
  /// The verified records are written to a new file that takes the place of the old one. That
  /// cuts off a torn record, reserves the space again, and makes sure that what is read here
  /// lasts: after an `fsync` that failed, the system shows bytes which never reached the disk, and
  /// flushing the same file again would not bring them there. A journal that still has a writer is
  /// refused: what that one wrote from then on would be in a file that nobody finds.
  package func openRun(
    _ id: String, reserving bytes: Int = 0
  ) throws(StateFailure) -> (JournalContents, JournalWriter) {
    let folder = try existing(id)
    let journalPath = folder + "/journal.jsonl"
    let old = try disk { () throws(FileFailure) in try files.open(journalPath, .existing) }
    defer { files.close(old) }
    guard try disk({ () throws(FileFailure) in try files.lock(old) }) else { throw .runInUse(id) }
    let (contents, read) = try readJournal(id)
    let verified = Array(read.prefix(contents.validLength))
    let journal = try disk { () throws(FileFailure) in
      let temporary = folder + "/journal.new"
      if try files.status(of: temporary) != nil { try files.removeFile(temporary) }
      let journal = try write(temporary, verified, reserving: bytes)
      return try closing(journal) { () throws(FileFailure) in
        try files.rename(temporary, to: journalPath)
        try files.synchronizeFolder(folder)
        try files.synchronizeFolder(runsPath)
      }
    }
    let file = OpenFile(descriptor: journal.descriptor, path: journalPath)
    return (contents, JournalWriter(file, after: contents, in: files))
  }

  /// What the journal of a run says; nothing is changed, and torn bytes are reported only.
  package func readRun(_ id: String) throws(StateFailure) -> JournalContents {
    try readJournal(id).0
  }

  /// The bytes of the plan that a run was made with.
  package func plan(of id: String) throws(StateFailure) -> [UInt8] {
    let folder = try existing(id)
    return try disk { () throws(FileFailure) in try files.read(folder + "/plan.json") }
  }

  private func readJournal(_ id: String) throws(StateFailure) -> (JournalContents, [UInt8]) {
    let folder = try existing(id)
    let bytes = try disk { () throws(FileFailure) in try files.read(folder + "/journal.jsonl") }
    do throws(JournalDamage) { return (try JournalReader.read(bytes), bytes) } catch {
      throw .damaged(run: id, error)
    }
  }

  /// The folder of a run that is there.
  private func existing(_ id: String) throws(StateFailure) -> String {
    let folder = try path(of: id)
    guard try isSound(runsPath), try isSound(folder) else { throw .noRun(id) }
    return folder
  }

  private func path(of id: String) throws(StateFailure) -> String {
    guard StateFolder.isRunID(id) else { throw .badRunID(id) }
    return runsPath + "/" + id
  }

  private static func isRunID(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private func build(
    _ temporary: String, plan: [UInt8], reserving bytes: Int, as folder: String
  ) throws(FileFailure) -> OpenFile {
    try files.makeFolder(temporary)
    let journal = try write(temporary + "/journal.jsonl", [], reserving: bytes)
    let moved = try closing(journal) { () throws(FileFailure) in
      files.close(try write(temporary + "/plan.json", plan, reserving: 0))
      try files.synchronizeFolder(temporary)
      try files.rename(temporary, to: folder)
      try files.synchronizeFolder(runsPath)
    }
    return OpenFile(descriptor: moved.descriptor, path: folder + "/journal.jsonl")
  }

  /// A new file with that in it, flushed, and space after it; it is locked, which for a journal
  /// says that it has a writer.
  private func write(
    _ path: String, _ bytes: [UInt8], reserving space: Int
  ) throws(FileFailure) -> OpenFile {
    let file = try files.open(path, .new)
    return try closing(file) { () throws(FileFailure) in
      _ = try files.lock(file)
      if space > 0 { try files.reserve(bytes.count + space, after: file) }
      if !bytes.isEmpty { try files.append(bytes, to: file) }
      try files.synchronize(file)
    }
  }

  /// The file, after what is to be done with it; closed when that fails.
  private func closing(
    _ file: OpenFile, _ operation: () throws(FileFailure) -> Void
  ) throws(FileFailure) -> OpenFile {
    do throws(FileFailure) { try operation() } catch {
      files.close(file)
      throw error
    }
    return file
  }

  /// Removes what an unfinished creation left; nothing when it left nothing.
  private func removeUnfinished(_ folder: String) throws(FileFailure) {
    guard try files.status(of: folder) != nil else { return }
    for name in try files.names(in: folder) { try files.removeFile(folder + "/" + name) }
    try files.removeFolder(folder)
  }
}
