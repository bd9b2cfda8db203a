"""Everything secret that one process holds: by what it tells who somebody is, seals what is personal, and proves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from security.ciphers import Cipher
from security.cursors import Cursors
from security.face_checks import FaceChecks
from security.keys import Secret
from security.outside import Outside
from security.passwords import Passwords
from security.personal import PersonalData
from security.seals import Sealer
from security.seen import Few, Once
from security.tokens import Tokens


def machine_time() -> datetime:
    return datetime.now(UTC)


@dataclass
class Gate:
    """What lies under SECRET_KEY. The keys themselves are in the database, wrapped: `resolvers.keyring` gets them."""

    secret: Secret
    cipher: Cipher = Cipher.AES_GCM_SIV
    """Of new keys for personal data."""
    tokens: Tokens = field(default_factory=Tokens)
    passwords: Passwords = field(default_factory=Passwords)
    outside: Outside | None = None
    """The outside provider whose tokens are taken as well, where one is set."""
    face_checks: FaceChecks | None = None
    """The provider of face checks by which people certify themselves, where one is set."""
    real_time: Callable[[], datetime] = machine_time
    """What phones and providers go by: in a rehearsal the service's clock is another."""
    ended: Once = field(default_factory=Once)
    """Sessions that were called by after their end, as far as that was recorded."""
    forged: Once = field(default_factory=Once)
    """Tokens that are none, as far as they were met."""
    forgeries: Few = field(default_factory=Few)
    """How many of them are recorded: nobody fills the trail by making some up."""
    personal: PersonalData = field(init=False)
    sealer: Sealer = field(init=False)
    cursors: Cursors = field(init=False)

    def __post_init__(self) -> None:
        self.personal = PersonalData(self.secret, self.cipher)
        self.sealer = Sealer(self.secret)
        self.cursors = Cursors(self.secret)
