"""The settings of a peer that the platform's own settings do not have."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from tillstream.core.settings import SECRETS_DIR


class PeerSettings(BaseSettings):
    """One peer: its name in Redis, its processes, and the hot store's writer."""

    model_config = SettingsConfigDict(secrets_dir=str(SECRETS_DIR) if SECRETS_DIR.is_dir() else None, extra="ignore", populate_by_name=True)

    name: str = Field(alias="PEER_NAME")
    processes: int = Field(default=2, alias="PEER_PROCESSES")
    redis_host: str = Field(default="redis", alias="REDIS_HOST")
    redis_password: SecretStr = Field(alias="redis_writer_password")
