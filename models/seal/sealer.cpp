#include "seal/sealer.h"

#include <fmt/format.h>

#include "audit/proof.h"
#include "audit/tree.h"

namespace scr::seal {

using audit::Checkpoint;
using audit::Hash;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;
using elevated::LogEpoch;

namespace {

constexpr const char* kRestored =
    "If it was restored from a backup or lost a failover, keep what is left of the other copy and go on with "
    "scrutineerctl seal --new-epoch REASON; if not, somebody changed it";

tl::unexpected<domain::Error> refusal(std::string what)
{
    return failure(Fault::Corrupt, std::move(what), kRestored);
}

} // namespace

Sealer::Sealer(elevated::SealSession& session, const audit::SigningKey& key, SignedState state, bool adopt) :
    m_session{session}, m_key{key}, m_state{std::move(state)}, m_adopt{adopt}
{
}

Result<Sealed> Sealer::sealOnce()
{
    const auto epoch = currentEpoch();
    if (!epoch)
        return refused(m_lastEpoch, epoch.error());
    const auto added = m_session.sealNew(epoch->epoch);
    if (!added)
        return refused(epoch->epoch, added.error());
    auto checkpoint = sign(*epoch);
    if (!checkpoint)
        return refused(epoch->epoch, checkpoint.error());
    m_adopt = false; // the database's word is taken once
    return Sealed{*added, *std::move(checkpoint)};
}

/// What says that the log is not what it was is put on record; what cannot be put on record is told all the same.
tl::unexpected<domain::Error> Sealer::refused(int epoch, domain::Error error)
{
    // A place that is taken twice, another root for the same size, numbers of another server.
    for (const char* state : {"23505", "23000", "XX001"}) {
        if (error.sqlstate == state)
            error = {Fault::Corrupt, error.detail, error.remedy.empty() ? kRestored : error.remedy, error.sqlstate};
    }
    if (error.fault == Fault::Corrupt)
        static_cast<void>(m_session.alarm(epoch, error.detail));
    return tl::unexpected<domain::Error>{std::move(error)};
}

Result<Sealed> Sealer::newEpoch(const std::string& reason)
{
    const auto epoch = m_session.newestEpoch();
    if (!epoch)
        return failureOf(epoch);
    const std::string& name = m_key.verifier().name;
    const auto begun =
        m_session.beginEpoch(audit::originOf(name, *epoch ? (*epoch)->epoch + 1 : 1), textOf(m_key.verifier()), reason);
    if (!begun)
        return failureOf(begun);
    const Status kept = keepOrigin(begun->origin);
    return kept ? sealOnce() : failureOf(kept);
}

Status Sealer::keepOrigin(const std::string& origin)
{
    const auto lock = m_state.lock(); // makes the folder as well
    return lock ? m_state.keepOrigin(m_key.verifier().name, origin) : failureOf(lock);
}

/// The database says which epoch is the newest, and what is kept here says which it must be.
Result<LogEpoch> Sealer::currentEpoch()
{
    const std::string& name = m_key.verifier().name;
    const auto kept = m_state.origin(name);
    if (!kept)
        return failureOf(kept);
    auto epoch = m_session.newestEpoch();
    if (!epoch)
        return failureOf(epoch);
    if (!*epoch && !*kept) {
        const auto first = m_session.beginEpoch(name, textOf(m_key.verifier()), "");
        if (!first && first.error().sqlstate != "23505") // another sealer was faster
            return failureOf(first);
        epoch = m_session.newestEpoch();
        if (!epoch)
            return failureOf(epoch);
    }
    m_lastEpoch = *epoch ? (*epoch)->epoch : 0;
    const std::string origin = *epoch ? (*epoch)->origin : "nothing";
    if (*kept && **kept != origin && !m_adopt)
        return refusal(fmt::format("{} was sealed, and the database's log is {} now", **kept, origin));
    if (!*epoch || origin != audit::originOf(name, (*epoch)->epoch))
        return failure(Fault::Rejected, fmt::format("this log is {}, and the key is that of {}", origin, name),
                       "Seal with the key of this log");
    if (*kept == origin)
        return **epoch;
    const auto stored = m_session.newestNote((*epoch)->epoch);
    if (!stored)
        return failureOf(stored);
    // An epoch that nobody here began must be one that nothing was ever sealed in before.
    if (!m_adopt && (*stored || (*epoch)->epoch > 1))
        return failure(
            Fault::Rejected, fmt::format("nothing is kept here of what {} signed, and the database has its checkpoints", origin),
            "Seal where it was sealed before. If that machine is gone: scrutineerctl seal --adopt takes the database's word "
            "for what was signed, once");
    const Status written = keepOrigin(origin);
    return written ? Result<LogEpoch>{**epoch} : failureOf(written);
}

Result<std::optional<Checkpoint>> Sealer::sign(const LogEpoch& epoch)
{
    const auto lock = m_state.lock();
    if (!lock)
        return failureOf(lock);
    const auto last = lastSigned(epoch);
    if (!last)
        return failureOf(last);
    const auto head = m_session.head(epoch.epoch);
    if (!head)
        return failureOf(head);
    const bool isSame = last->checkpoint && last->checkpoint->size == head->size() && last->checkpoint->root == head->root();
    const bool isEmpty = head->size() == 0 && !last->checkpoint;
    if (isEmpty || (isSame && last->everywhere))
        return std::optional<Checkpoint>{};
    const auto checkpoint = check(epoch, *head, last->checkpoint);
    if (!checkpoint)
        return failureOf(checkpoint);
    if (beforeSigning)
        beforeSigning();
    const Status published = publish(epoch, *checkpoint); // also what a sealer that ended too early had signed and not stored
    return published ? Result<std::optional<Checkpoint>>{*checkpoint} : failureOf(published);
}

Result<Sealer::Last> Sealer::lastSigned(const LogEpoch& epoch)
{
    auto kept = m_state.note(epoch.origin);
    if (!kept)
        return failureOf(kept);
    const auto stored = m_session.newestNote(epoch.epoch);
    if (!stored)
        return failureOf(stored);
    if (!*kept && *stored && !m_adopt)
        return failure(
            Fault::Rejected,
            fmt::format("nothing is kept here of what {} signed, and the database has its checkpoints", epoch.origin),
            "Seal where it was sealed before. If that machine is gone: scrutineerctl seal --adopt takes the database's word "
            "for what was signed, once");
    Last last;
    std::optional<Checkpoint>& largest = last.checkpoint;
    for (const auto& note : {*kept, *stored}) {
        if (!note)
            continue;
        auto opened = audit::openCheckpoint(*note, m_key.verifier());
        if (!opened)
            return refusal(fmt::format("a checkpoint of {} is not as it was signed: {}", epoch.origin, opened.error().detail));
        if (opened->checkpoint.origin != epoch.origin)
            return refusal(fmt::format("a checkpoint of {} is one of {}", epoch.origin, opened->checkpoint.origin));
        if (!largest || opened->checkpoint.size > largest->size)
            largest = std::move(opened->checkpoint);
        else if (opened->checkpoint.size == largest->size && opened->checkpoint != *largest)
            return refusal(fmt::format("two roots were signed for {} entries of {}", largest->size, epoch.origin));
    }
    last.everywhere = *kept == *stored;
    return last;
}

/// Everything once more: the root over stored hashes by the recursive definition, the new leaves from their entries by the other
/// hasher, and the proof that what was signed last is the beginning of it.
Result<Checkpoint> Sealer::check(const LogEpoch& epoch, const audit::Frontier& head, const std::optional<Checkpoint>& last)
{
    const std::uint64_t before = last ? last->size : 0;
    if (head.size() < before)
        return refusal(fmt::format("the database holds {} sealed entries, and {} were signed", head.size(), before));
    audit::Tree tree{m_session, head.size()};
    const auto root = tree.root(head.size());
    if (!root)
        return failureOf(root);
    if (*root != head.root())
        return refusal(fmt::format("the tree of {} entries has two roots: one by its leaves, one by its frontier", head.size()));
    if (last && before == head.size() && *root != last->root)
        return refusal(fmt::format("another root was signed for {} entries", before));
    if (last && before > 0 && before < head.size()) {
        const auto proof = tree.consistency(before, head.size());
        if (!proof)
            return failureOf(proof);
        if (!audit::verifyConsistency(before, head.size(), last->root, *root, *proof))
            return refusal(fmt::format("the first {} entries are not those that were signed", before));
    }
    const Status leaves = checkLeaves(epoch.epoch, before, head.size());
    if (!leaves)
        return failureOf(leaves);
    return Checkpoint{epoch.origin, head.size(), *root, {}};
}

Status Sealer::checkLeaves(int epoch, std::uint64_t from, std::uint64_t to)
{
    std::uint64_t next = from;
    const Status read = m_session.eachLeaf(epoch, from, to, [&](const elevated::StoredLeaf& leaf) -> Status {
        if (leaf.leaf != next++)
            return refusal(fmt::format("the leaf {} is missing", next - 1));
        if (!leaf.entry)
            return refusal(fmt::format("the entry of leaf {} is gone", leaf.leaf));
        if (audit::leafHashAgain(*leaf.entry) != leaf.hash)
            return refusal(fmt::format("the entry of leaf {} is not the one that was sealed", leaf.leaf));
        return Nothing{};
    });
    if (read && next != to)
        return refusal(fmt::format("of the leaves from {} to {} those from {} on are missing", from, to, next));
    return read;
}

Status Sealer::publish(const LogEpoch& epoch, const Checkpoint& checkpoint)
{
    const auto note = audit::signNote(textOf(checkpoint), m_key);
    if (!note)
        return failureOf(note);
    if (const Status kept = m_state.keep(epoch.origin, *note); !kept)
        return kept;
    return m_session.storeCheckpoint(epoch.epoch, checkpoint.size, checkpoint.root, *note);
}

} // namespace scr::seal
