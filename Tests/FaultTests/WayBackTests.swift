import Execution
import Planning
import QdrantProvider
import QdrantSchema
import SimulatedQdrant
import Testing

/// What a fault on the way leaves, and what the way back makes of it.
@Suite struct WayBackTests {
  private func subject(_ name: String) async throws -> Subject {
    try #require(try await Subjects.all().first { $0.name == name })
  }

  private func trigger(
    _ subject: Subject, _ direction: Direction, _ ailment: Ailment
  ) throws -> Trigger {
    let step = subject.step
    let operation = direction == .forward ? step.operation : step.inverse ?? step.operation
    return Trigger(
      step: step.id, direction: direction, ailment: ailment, reach: .operation,
      request: try RequestEncoder(schema: QdrantResources.schema).request(operation, run: "r1"))
  }

  @Test func `Every kind of step that a standalone server is asked for is a subject`()
    async throws
  {
    let names = try await Subjects.all().map(\.name)
    #expect(
      names == [
        "create alias", "create collection", "create index", "create sparse_vector",
        "create vector", "delete alias", "delete collection", "delete index",
        "delete sparse_vector", "delete vector", "update alias", "update hnsw_config",
        "update index", "update mark", "update metadata", "update on_disk_payload",
        "update optimizers_config", "update quantization_config", "update sparse_vectors",
        "update strict_mode_config", "update vectors",
      ])
  }
}
