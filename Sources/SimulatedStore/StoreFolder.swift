import Glibc
import SimulatedQdrant

/// The files of a store: a lock, a checkpoint and the log that follows it.
struct StoreFolder {
  let path: String
  private let lock: Int32

  var checkpointPath: String { path + "/checkpoint.json" }

  func logPath(_ generation: Int) -> String { path + "/log-\(generation)" }

  /// Takes the folder, made when missing, for this process alone.
  init(taking path: String) throws(StoreError) {
    self.path = path
    try Files.makeFolder(path)
    if let entry = try Files.names(in: path).first(where: { !StoreFolder.isOurs($0) }) {
      throw .foreign(folder: path, entry: entry)
    }
    lock = try Files.open(path + "/LOCK", O_RDWR | O_CREAT)
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(lock)
      throw code == EWOULDBLOCK
        ? .locked(folder: path) : .system(operation: "lock", path: path, code: code)
    }
  }

  /// Unlocks before closing: a child that another thread is just starting shares the descriptor.
  func release() {
    flock(lock, LOCK_UN)
    close(lock)
  }

  /// Bytes of the last checkpoint.
  var checkpointSize: Int {
    var status = stat()
    return stat(checkpointPath, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func isOurs(_ name: String) -> Bool {
    ["LOCK", "checkpoint.json", "checkpoint.json.tmp", "lost+found"].contains(name)
      || (name.hasPrefix("log-") && Int(name.dropFirst(4)) != nil)
  }

  /// The server as the folder has it, or a new one.
  func load(_ settings: SimulatedSettings) throws(StoreError) -> (SimulatedServer, RequestLog, Int)
  {
    guard let bytes = try Files.read(checkpointPath) else {
      try refuseOrphans()
      let server = SimulatedServer(settings: settings)
      return (server, try begin(server, generation: 0), 0)
    }
    let checkpoint = try Checkpoint(bytes: bytes, path: checkpointPath)
    guard checkpoint.version == settings.version.rawValue else {
      throw .otherVersion(
        folder: path, stored: checkpoint.version, asked: settings.version.rawValue)
    }
    let recorded = SimulatedSettings(
      version: settings.version, environment: checkpoint.environment)
    var server = try restore(recorded, checkpoint)
    let logPath = logPath(checkpoint.generation)
    let log = try RequestLog(opening: logPath, generation: checkpoint.generation) {
      (record: LogRecord, offset: Int) throws(StoreError) in
      let before = server.revision
      _ = server.handle(record.request, now: record.now, partialLimit: record.partialLimit)
      guard server.revision != before else {
        throw .damaged(file: logPath, offset: offset, detail: "the request has no effect any more")
      }
    }
    removeOthers(than: checkpoint.generation)
    return try adopt(server, log, checkpoint, settings)
  }

  /// Without a checkpoint there may be an empty log, of a first start that was cut off; a log with
  /// records in it has lost what it follows.
  private func refuseOrphans() throws(StoreError) {
    for name in try Files.names(in: path) where name.hasPrefix("log-") {
      guard let log = try Files.read(path + "/" + name), log.count > RequestLog.headerSize else {
        continue
      }
      throw .damaged(
        file: checkpointPath, offset: nil, detail: "it is missing, though '\(name)' follows it")
    }
  }

  /// Goes on under today's settings, which may differ from those that the log was made under.
  ///
  /// A replayed log is closed with a checkpoint: what is not kept over a restart, such as the
  /// state of rate limits, must not take part in a later replay of what follows.
  private func adopt(
    _ server: SimulatedServer, _ log: RequestLog, _ checkpoint: Checkpoint,
    _ settings: SimulatedSettings
  ) throws(StoreError) -> (SimulatedServer, RequestLog, Int) {
    let isReplayed = log.size > RequestLog.headerSize
    var latest = checkpoint
    if isReplayed { latest.state = server.exportState() }
    let current = try restore(settings, latest)
    if !isReplayed, checkpoint.environment == settings.withoutSecrets.environment {
      return (current, log, checkpoint.generation)
    }
    let generation = checkpoint.generation + 1
    do throws(StoreError) {
      let next = try begin(current, generation: generation)
      log.close()
      return (current, next, generation)
    } catch {
      // On a full disk reads must go on; the old pair is untouched.
      guard checkpoint.environment == settings.withoutSecrets.environment else {
        log.close()
        throw error
      }
      return (current, log, checkpoint.generation)
    }
  }

  private func restore(
    _ settings: SimulatedSettings, _ checkpoint: Checkpoint
  ) throws(StoreError) -> SimulatedServer {
    do throws(SimulatedStateError) {
      return try SimulatedServer(settings: settings, state: checkpoint.state)
    } catch {
      throw .damaged(
        file: checkpointPath, offset: nil, detail: "the state is malformed at '\(error.path)'")
    }
  }

  /// Writes a checkpoint and an empty log for what follows; a crash at any moment leaves the old
  /// pair or the new one, and an error leaves the old one.
  func begin(_ server: SimulatedServer, generation: Int) throws(StoreError) -> RequestLog {
    let checkpoint = Checkpoint(
      generation: generation, version: server.settings.version.rawValue,
      environment: server.settings.withoutSecrets.environment, state: server.exportState())
    let log = try RequestLog(creating: logPath(generation), generation: generation)
    do throws(StoreError) { try Files.replace(checkpointPath, with: checkpoint.bytes) } catch {
      log.close()
      unlink(log.path)
      unlink(checkpointPath + ".tmp")
      throw error
    }
    // From here on the new pair counts, flushed or not.
    Files.syncFolder(path)
    removeOthers(than: generation)
    return log
  }

  /// Removes what an interrupted checkpoint left, and the log before the last one.
  private func removeOthers(than generation: Int) {
    for name in (try? Files.names(in: path)) ?? []
    where name.hasSuffix(".tmp") || (name.hasPrefix("log-") && name != "log-\(generation)") {
      unlink(path + "/" + name)
    }
  }
}
