"""All stores of an installation, each created once, at its first use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kawal.store.agency_registry import AgencyStores
from kawal.store.people_registry import PeopleStores

if TYPE_CHECKING:
    from kawal.store.access_codes import AccessCodes
    from kawal.store.access_log import AccessLog
    from kawal.store.attachments import AttachmentRows
    from kawal.store.backfill import Backfill
    from kawal.store.blind_index import BlindIndex
    from kawal.store.canned_texts import CannedTexts
    from kawal.store.complaint_rows import ComplaintRows
    from kawal.store.contacts import Contacts
    from kawal.store.conversations import Conversations
    from kawal.store.dead_letters import DeadLetters
    from kawal.store.directory import Directory
    from kawal.store.done_acts import DoneActs
    from kawal.store.erasures import Erasures
    from kawal.store.handovers import Handovers
    from kawal.store.history_archive import HistoryArchive
    from kawal.store.history_archive_due import HistoryArchiveDue
    from kawal.store.history_archive_retention import HistoryArchiveRetention
    from kawal.store.inbox import Inbox
    from kawal.store.kept_replies import KeptReplies
    from kawal.store.last_tries import LastTries
    from kawal.store.ledger import Ledger
    from kawal.store.link_requests import LinkRequestRows
    from kawal.store.log import Log
    from kawal.store.master_rotations import MasterRotations
    from kawal.store.message_media import MessageMedia
    from kawal.store.notes import Notes
    from kawal.store.outbox import Outbox
    from kawal.store.outgoing_messages import OutgoingMessages
    from kawal.store.presence import Presences
    from kawal.store.public_versions import PublicVersions
    from kawal.store.quality import QualityRecord
    from kawal.store.raw_letters import RawLetters
    from kawal.store.read_replies import ReadReplies
    from kawal.store.reconcile import Reconciliation
    from kawal.store.registers import Registers
    from kawal.store.rejected_writes import RejectedWrites
    from kawal.store.rules import Rulebook
    from kawal.store.side_acts import SideActs
    from kawal.store.signing_keys import SigningKeys
    from kawal.store.supports import SupportRows
    from kawal.store.tray import Tray
    from kawal.store.undecided import UndecidedReports
    from kawal.store.unverified_reports import UnverifiedReports
    from kawal.store.wedged_complaints import WedgedComplaints
    from kawal.store.word_search import WordSearch


class Stores(PeopleStores, AgencyStores):
    """The stores in PostgreSQL, by name; the client's side creates stores nowhere else."""

    @cached_property
    def access_codes(self) -> AccessCodes:
        """The generations of reporters' access codes."""
        from kawal.store.access_codes import AccessCodes

        return AccessCodes(self.pool, self.keys)

    @cached_property
    def access_log(self) -> AccessLog:
        """Readings of protected data, and refusals."""
        from kawal.store.access_log import AccessLog

        return AccessLog(self.pool, self.keys)

    @cached_property
    def history_archive_due(self) -> HistoryArchiveDue:
        """Closed runs that are not archived yet."""
        from kawal.store.history_archive_due import HistoryArchiveDue

        return HistoryArchiveDue(self.pool)

    @cached_property
    def history_archive_retention(self) -> HistoryArchiveRetention:
        """The retention of archived histories."""
        from kawal.store.history_archive_retention import HistoryArchiveRetention

        return HistoryArchiveRetention(self.pool)

    @cached_property
    def attachment_rows(self) -> AttachmentRows:
        """Which objects belong to which complaint."""
        from kawal.store.attachments import AttachmentRows

        return AttachmentRows(self.pool, self.keys)

    @cached_property
    def backfill(self) -> Backfill:
        """The backfill for reports of earlier releases."""
        from kawal.store.backfill import Backfill

        return Backfill(self.pool, self.keys)

    @cached_property
    def blind_index(self) -> BlindIndex:
        """Words of rahasia reports as keyed hashes."""
        from kawal.store.blind_index import BlindIndex

        return BlindIndex(self.pool, self.keys)

    @cached_property
    def complaint_rows(self) -> ComplaintRows:
        """Further queries of the read model."""
        from kawal.store.complaint_rows import ComplaintRows

        return ComplaintRows(self.pool)

    @cached_property
    def contacts(self) -> Contacts:
        """A person's reports by keyed hashes of contacts."""
        from kawal.store.contacts import Contacts

        return Contacts(self.pool, self.keys)

    @cached_property
    def conversations(self) -> Conversations:
        """Conversations by SMS and WhatsApp."""
        from kawal.store.conversations import Conversations

        return Conversations(self.pool, self.keys)

    @cached_property
    def directory(self) -> Directory:
        """Agencies, OPDs, offices, categories."""
        from kawal.store.directory import Directory

        return Directory(self.pool)

    @cached_property
    def done_acts(self) -> DoneActs:
        """Officials' acts under an idempotency key."""
        from kawal.store.done_acts import DoneActs

        return DoneActs(self.pool, self.keys)

    @cached_property
    def erasures(self) -> Erasures:
        """Erasing complaints."""
        from kawal.store.erasures import Erasures

        return Erasures(self.pool, self.keys)

    @cached_property
    def history_archive(self) -> HistoryArchive:
        """Closed runs' complete histories."""
        from kawal.store.history_archive import HistoryArchive

        return HistoryArchive(self.pool)

    @cached_property
    def inbox(self) -> Inbox:
        """Accepted reports."""
        from kawal.store.inbox import Inbox

        return Inbox(self.pool, self.keys)

    @cached_property
    def kept_replies(self) -> KeptReplies:
        """Replies kept while the engine is unavailable."""
        from kawal.store.kept_replies import KeptReplies

        return KeptReplies(self.pool, self.keys)

    @cached_property
    def last_tries(self) -> LastTries:
        """How the last tries went to reach what lies outside."""
        from kawal.store.last_tries import LastTries

        return LastTries(self.pool)

    @cached_property
    def ledger(self) -> Ledger:
        """Events, read model and outbox, written together."""
        from kawal.store.ledger import Ledger

        return Ledger(self.pool, self.keys)

    @cached_property
    def handovers(self) -> Handovers:
        """Reports that were passed on, and as which they go on."""
        from kawal.store.handovers import Handovers

        return Handovers(self.pool, self.inbox)

    @cached_property
    def link_requests(self) -> LinkRequestRows:
        """Letters with a report's link that are still to be written."""
        from kawal.store.link_requests import LinkRequestRows

        return LinkRequestRows(self.pool, self.keys)

    @cached_property
    def log(self) -> Log:
        """The Merkle log and its heads."""
        from kawal.store.log import Log

        return Log(self.pool)

    @cached_property
    def master_rotations(self) -> MasterRotations:
        """Rotations of the master key."""
        from kawal.store.master_rotations import MasterRotations

        return MasterRotations(self.pool, self.keys)

    @cached_property
    def message_media(self) -> MessageMedia:
        """Files of messages that are still to be fetched."""
        from kawal.store.message_media import MessageMedia

        return MessageMedia(self.pool, self.keys)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """Accepted reports that cannot be started."""
        from kawal.store.dead_letters import DeadLetters

        return DeadLetters(self.pool)

    @cached_property
    def outbox(self) -> Outbox:
        """Notices to be sent."""
        from kawal.store.outbox import Outbox

        return Outbox(self.pool, self.keys)

    @cached_property
    def outgoing_messages(self) -> OutgoingMessages:
        """Messages to telephones."""
        from kawal.store.outgoing_messages import OutgoingMessages

        return OutgoingMessages(self.pool, self.keys)

    @cached_property
    def presences(self) -> Presences:
        """Who has which report open."""
        from kawal.store.presence import Presences

        return Presences(self.pool)

    @cached_property
    def public_versions(self) -> PublicVersions:
        """What officials released to the public or redacted."""
        from kawal.store.public_versions import PublicVersions

        return PublicVersions(self.pool, self.keys)

    @cached_property
    def quality(self) -> QualityRecord:
        """Samples of follow-ups and their reviews."""
        from kawal.store.quality import QualityRecord

        return QualityRecord(self.pool, self.keys)

    @cached_property
    def raw_letters(self) -> RawLetters:
        """Letters as they came, each with its complaint."""
        from kawal.store.raw_letters import RawLetters

        return RawLetters(self.pool, self.keys)

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """The reconciler's queries and findings."""
        from kawal.store.reconcile import Reconciliation

        return Reconciliation(self.pool)

    @cached_property
    def registers(self) -> Registers:
        """Decrees and action plans."""
        from kawal.store.registers import Registers

        return Registers(self.pool)

    @cached_property
    def rulebook(self) -> Rulebook:
        """Calendars and rule sets."""
        from kawal.store.rules import Rulebook

        return Rulebook(self.pool)

    @cached_property
    def canned_texts(self) -> CannedTexts:
        """Texts that agencies keep for their officials' forms."""
        from kawal.store.canned_texts import CannedTexts

        return CannedTexts(self.pool)

    @cached_property
    def notes(self) -> Notes:
        """Officials' notes on complaints."""
        from kawal.store.notes import Notes

        return Notes(self.pool, self.keys)

    @cached_property
    def read_replies(self) -> ReadReplies:
        """What reporters said that was noted as read."""
        from kawal.store.read_replies import ReadReplies

        return ReadReplies(self.pool, self.keys)

    @cached_property
    def side_acts(self) -> SideActs:
        """Acts beside the process."""
        from kawal.store.side_acts import SideActs

        return SideActs(self.pool, self.keys)

    @cached_property
    def signing_keys(self) -> SigningKeys:
        """The keys that sign the log's heads."""
        from kawal.store.signing_keys import SigningKeys

        return SigningKeys(self.pool, self.keys)

    @cached_property
    def supports(self) -> SupportRows:
        """Who supports which report."""
        from kawal.store.supports import SupportRows

        return SupportRows(self.pool, self.keys)

    @cached_property
    def tray(self) -> Tray:
        """Letters and messages that wait for somebody to decide."""
        from kawal.store.tray import Tray

        return Tray(self.pool, self.keys)

    @cached_property
    def undecided_reports(self) -> UndecidedReports:
        """Search in rahasia reports that are not indexed yet."""
        from kawal.store.undecided import UndecidedReports

        return UndecidedReports(self.pool, self.keys)

    @cached_property
    def unrecorded(self) -> RejectedWrites:
        """Steps that the database refused."""
        from kawal.store.rejected_writes import RejectedWrites

        return RejectedWrites(self.pool)

    @cached_property
    def unverified_reports(self) -> UnverifiedReports:
        """Reports before their verification."""
        from kawal.store.unverified_reports import UnverifiedReports

        return UnverifiedReports(self.pool)

    @cached_property
    def wedged(self) -> WedgedComplaints:
        """Complaints whose task fails repeatedly."""
        from kawal.store.wedged_complaints import WedgedComplaints

        return WedgedComplaints(self.pool)

    @cached_property
    def word_search(self) -> WordSearch:
        """Search for complaints by words."""
        from kawal.store.word_search import WordSearch

        return WordSearch(self.pool)
