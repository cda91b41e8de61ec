import Commands

await Program.main(DriftCommand.run)
