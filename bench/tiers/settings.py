"""Where the client finds the stores. The names are those of compose.yml."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TierSettings(BaseSettings):
    """Addresses of the stores that only the measurement has, and the folder of the exported files."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    folder: Path = Field(default=Path("/exchange"), alias="TIERS_FOLDER")
    jars: Path = Field(default=Path("/opt/ignite/libs"), alias="TIERS_JARS")
    redis: str = Field(default="tier-redis:6379", alias="TIERS_REDIS")
    postgres: str = Field(default="tier-postgres:5432", alias="TIERS_POSTGRES")
    ignite: str = Field(default="tier-ignite:10800", alias="TIERS_IGNITE")
    ignite_persistent: str = Field(default="tier-ignite-persistent:10800", alias="TIERS_IGNITE_PERSISTENT")
