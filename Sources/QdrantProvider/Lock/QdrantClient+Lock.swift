import JSON
package import ResourceModel

extension QdrantClient {
  /// The first version that keeps a collection's metadata (recorded; 1.14.1 drops it in silence).
  static let keepsMetadata = ServerVersion(1, 15, 5)

  /// Lists the collections and reads the highest epoch.
  ///
  /// The list tells who is highest; an epoch that went away in between was not, or is not any more,
  /// and all is read again. Metadata come first; where there are none of ours, names may say it.
  package func lockState(of workspace: String) async throws(ProviderError) -> LockState {
    let names = try LockNames(workspace: workspace)
    for _ in 1...5 {
      let all = try await collectionNames()
      let epochs = all.compactMap(names.number(of:)).sorted()
      guard let highest = epochs.last else { return LockState() }
      let epoch = try await read(try names.epoch(highest), withPlacement: false)
      guard let epoch else { continue }
      let record =
        if let stamp = epoch.fields["metadata"]?[LockRecord.key] {
          LockRecord(stamp)
        } else {
          RecordNames(names, epoch: highest).record(in: all)
        }
      return LockState(epochs: epochs, record: record)
    }
    throw ProviderError(
      .unavailable, "the newest epoch of the lock was gone whenever it was to be read")
  }

  package func perform(
    _ control: ControlOperation, workspace: String, run: String, step: String
  ) async throws(ProviderError) -> Receipt {
    let names = try LockNames(workspace: workspace)
    let sender = ControlSender(client: self, names: names, id: "\(run)/\(step)")
    switch control {
    case .createEpoch(let number, let record): try await sender.create(number, record)
    case .writeEpoch(let number, let record): try await sender.write(number, record)
    case .deleteEpoch(let number): try await sender.delete(number)
    case .barrier(let nonce): try await sender.barrier(nonce)
    }
    return Receipt(isCompleted: true)
  }
}

/// Sends the requests of one control operation.
///
/// With metadata each operation is one mutation. Without them a record takes several: they follow
/// the creation that decides who owns the epoch, so that one which breaks off leaves an epoch
/// without a record, and never a record of the wrong owner.
private struct ControlSender {
  let client: QdrantClient
  let names: LockNames
  let id: String

  func create(_ number: Int, _ record: LockRecord) async throws(ProviderError) {
    let epoch = try names.epoch(number)
    if try await client.serverVersion() >= QdrantClient.keepsMetadata {
      return try await create(epoch, metadata: record)
    }
    let pieces = try RecordNames(names, epoch: number).names(of: record, after: [])
    try await create(epoch, metadata: nil)
    try await say(pieces)
  }

  func write(_ number: Int, _ record: LockRecord) async throws(ProviderError) {
    let epoch = try names.epoch(number)
    if try await client.serverVersion() >= QdrantClient.keepsMetadata {
      let body: JSONValue = ["metadata": [LockRecord.key: record.json]]
      return try await confirm(RequestPreview(method: "PATCH", target: path(epoch), body: body))
    }
    let all = try await client.collectionNames()
    guard all.contains(epoch) else {
      throw ProviderError(.rejected, "there is no epoch \(number) of the lock", status: 404)
    }
    let kind = RecordNames(names, epoch: number)
    try await say(try kind.names(of: record, after: all))
    // The new record counts already: what stays of the old one is swept by the next write.
    for name in kind.all(in: all) {
      do throws(ProviderError) { try await remove(name) } catch { return }
    }
  }

  /// The record's names go first: without their epoch nobody would find them again.
  func delete(_ number: Int) async throws(ProviderError) {
    let epoch = try names.epoch(number)
    let all = try await client.collectionNames()
    for name in RecordNames(names, epoch: number).all(in: all) { try await remove(name) }
    try await remove(epoch)
  }

  /// Every recorded line answers `true` to deleting an alias that never was.
  func barrier(_ nonce: String) async throws(ProviderError) {
    let alias = try JSONValue.string(LockNames.barrier(nonce))
    try await confirm(
      RequestPreview(
        method: "POST", target: "/collections/aliases",
        body: ["actions": [["delete_alias": ["alias_name": alias]]]]))
  }

  /// Creates the names of a record; one that is there was made by an attempt before this.
  private func say(_ pieces: [ExactString]) async throws(ProviderError) {
    for piece in pieces {
      do throws(ProviderError) { try await create(piece, metadata: nil) } catch {
        if error.status != 409 { throw unfinished(error) }
      }
    }
  }

  /// The operation is half done, whatever became of its last request.
  private func unfinished(_ error: ProviderError) -> ProviderError {
    var error = error
    error.outcome = .unknown
    return error
  }

  /// A collection without vectors and shards costs next to nothing (measured).
  private func create(
    _ name: ExactString, metadata record: LockRecord?
  ) async throws(ProviderError) {
    var body: JSONObject = ["vectors": [:], "sharding_method": "custom"]
    if let record { body["metadata"] = [LockRecord.key: record.json] }
    try await confirm(RequestPreview(method: "PUT", target: path(name), body: .object(body)))
  }

  /// `false` says that there was nothing to delete, which is as good.
  private func remove(_ name: ExactString) async throws(ProviderError) {
    let preview = RequestPreview(method: "DELETE", target: path(name), body: nil)
    let (result, request) = try await client.send(preview, id: id)
    guard result.bool != nil else {
      throw client.outcomes.malformed(request, "its result is neither true nor false")
    }
  }

  private func confirm(_ preview: RequestPreview) async throws(ProviderError) {
    let (result, request) = try await client.send(preview, id: id)
    guard result.bool == true else {
      throw client.outcomes.malformed(request, "its result is not true")
    }
  }

  private func path(_ name: ExactString) -> String {
    "/collections/" + PercentEncoding.segment(name.string)
  }
}
