#pragma once

#include "packed/pack_answers.h"
#include "packed/pack_rows.h"
#include "ports/change_feed.h"
#include "ports/moderation.h"
#include "ports/scan_source.h"

namespace scr::packed {

/// What a pack cannot do. A scan finds flags to be recorded, which a pack cannot take.
class NoScanSource final : public ports::ScanSource {
public:
    [[nodiscard]] domain::Result<domain::ScanInput> read(const domain::TimeRange& /*range*/,
                                                         const domain::KeepGoing& /*keepGoing*/) override
    {
        return refusal();
    }
};

/// Nothing is added to a pack.
class NoChangeFeed final : public ports::ChangeFeed {
public:
    [[nodiscard]] domain::Status begin(domain::UtcTime /*from*/) override { return refusal(); }
    void moveWindow(domain::UtcTime /*from*/) override {}
    [[nodiscard]] domain::Result<domain::ScanInput> read(Look /*look*/) override { return refusal(); }
    void wait(std::chrono::milliseconds /*longest*/) override {}
    void stop() override {}
};

/// Nothing is decided about a pack.
class NoModeration final : public ports::Moderation {
public:
    [[nodiscard]] QFuture<domain::Result<domain::ReviewEntry>> review(const domain::ReviewOrder& /*order*/) override
    {
        return refused<domain::Result<domain::ReviewEntry>>();
    }
    [[nodiscard]] QFuture<domain::Result<domain::VoidReceipt>> commit(const domain::VoidPlan& /*plan*/,
                                                                      const std::string& /*reason*/) override
    {
        return refused<domain::Result<domain::VoidReceipt>>();
    }
    [[nodiscard]] QFuture<domain::Status> propose(const domain::VoidPlan& /*plan*/, const std::string& /*reason*/) override
    {
        return refused<domain::Status>();
    }
    [[nodiscard]] QFuture<domain::Result<domain::VoidReceipt>> approve(const domain::VoidPlan& /*plan*/) override
    {
        return refused<domain::Result<domain::VoidReceipt>>();
    }
    [[nodiscard]] QFuture<domain::Status> withdraw(const domain::RequestId& /*proposal*/, const std::string& /*reason*/) override
    {
        return refused<domain::Status>();
    }
    [[nodiscard]] QFuture<domain::Result<std::int64_t>> record(const std::vector<domain::Flag>& /*flags*/) override
    {
        return refused<domain::Result<std::int64_t>>();
    }
    [[nodiscard]] QFuture<domain::Status> accept(const domain::AcceptOrder& /*order*/) override
    {
        return refused<domain::Status>();
    }
    /// That the data left the house is in the log since the pack was made: what is taken from the pack is not the log's matter.
    [[nodiscard]] QFuture<domain::Status> logExport(const std::string& /*detail*/) override
    {
        return answer(domain::Status{domain::Nothing{}});
    }
    [[nodiscard]] QFuture<domain::Result<std::vector<ports::UnfinishedOrder>>> unfinished() override
    {
        return answer(domain::Result<std::vector<ports::UnfinishedOrder>>{std::vector<ports::UnfinishedOrder>{}});
    }
    [[nodiscard]] QFuture<domain::Result<std::vector<ports::SettledOrder>>>
    resend(const std::vector<ports::UnfinishedOrder>& /*orders*/) override
    {
        return refused<domain::Result<std::vector<ports::SettledOrder>>>();
    }
    [[nodiscard]] QFuture<domain::Result<std::vector<ports::SettledOrder>>>
    giveUp(const std::vector<ports::UnfinishedOrder>& /*orders*/) override
    {
        return refused<domain::Result<std::vector<ports::SettledOrder>>>();
    }

private:
    template <class Answer>
    [[nodiscard]] static QFuture<Answer> refused()
    {
        return answer(Answer{refusal()});
    }
};

} // namespace scr::packed
