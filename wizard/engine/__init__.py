"""The engine: drives steps along their needs, makes every call through the gateway, and writes
every fact to the journal. It never knows who listens."""
