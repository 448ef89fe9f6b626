// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/live_status.h"

#include <QCoreApplication>
#include <QStringList>

#include "widgets/common/number_text.h"

namespace weir {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(LiveStatus)
};

const QString separator = QStringLiteral(" · ");

void append_rows(const LiveSnapshot& snapshot, const QString& range, QStringList& parts) {
    if (!snapshot.filtered) {
        parts.append(Text::tr("%1 in memory").arg(count_text(snapshot.in_memory)));
        return;
    }
    parts.append(Text::tr("%1 of %2 in memory match")
                     .arg(count_text(snapshot.matched()), count_text(snapshot.in_memory)));
    if (snapshot.timed)
        parts.append(Text::tr("time range: %1").arg(range));
    if (snapshot.scanning && snapshot.in_memory > 0) {
        const double share =
            static_cast<double>(snapshot.scanned) / static_cast<double>(snapshot.in_memory);
        parts.append(Text::tr("looking at older rows, %1").arg(share_text(share)));
    }
}

void append_losses(const LiveSnapshot& snapshot, QStringList& parts) {
    if (snapshot.missed > 0)
        parts.append(Text::tr("▲ %1 left the memory before they could be shown")
                         .arg(count_text(snapshot.missed)));
    if (snapshot.given_up > 0)
        parts.append(Text::tr("▲ %1 paused rows given up: %2")
                         .arg(count_text(snapshot.given_up),
                              QString::fromStdString(snapshot.spill_problem)));
}

void append_spilled(const LiveSnapshot& snapshot, QStringList& parts) {
    if (snapshot.spilled_bytes > 0)
        parts.append(Text::tr("%1 of them on disk")
                         .arg(bytes_text(static_cast<double>(snapshot.spilled_bytes))));
}

} // namespace

QString live_status_text(const LiveSnapshot& snapshot, const LiveStatus& status,
                         const ZoneClock& clock, const QString& range) {
    // What is wrong comes first: the end of a long line may not be seen.
    QStringList parts;
    if (!status.partial.isEmpty())
        parts.append(QStringLiteral("▲ ") % status.partial);
    append_losses(snapshot, parts);
    if (snapshot.paused)
        parts.append(Text::tr("paused, %1 new since").arg(count_text(snapshot.since_pause)));
    append_rows(snapshot, range, parts);
    switch (status.state) {
    case LiveStatus::State::Live:
        if (!snapshot.paused && status.caught_up && status.events_per_s < 0.05)
            parts.append(Text::tr("live, nothing new"));
        else if (!snapshot.paused)
            parts.append(Text::tr("live, %1").arg(rate_text(status.events_per_s)));
        break;
    case LiveStatus::State::Stale:
        parts.append(
            Text::tr("▲ stale since %1").arg(clock.time(status.since.value(), Precision::Seconds)));
        if (!status.reason.isEmpty())
            parts.append(status.reason);
        break;
    case LiveStatus::State::Connecting:
        parts.append(Text::tr("connecting…"));
        break;
    case LiveStatus::State::Failed:
        parts.append(Text::tr("▲ failed"));
        break;
    case LiveStatus::State::None:
        parts.append(Text::tr("not connected"));
        break;
    }
    append_spilled(snapshot, parts);
    return parts.join(separator);
}

Token live_status_tone(const LiveSnapshot& snapshot, const LiveStatus& status) {
    if (status.state == LiveStatus::State::Failed)
        return Token::Red;
    if (status.state == LiveStatus::State::Stale || !status.partial.isEmpty() ||
        snapshot.missed > 0 || snapshot.given_up > 0)
        return Token::Amber;
    return Token::Muted;
}

QString failures_text(const FailureCount& count) {
    const QString kept =
        count.kept == count.ever
            ? Text::tr("failures alone: all %1 since the start").arg(count_text(count.ever))
            : Text::tr("failures alone: the newest %1 of %2 since the start")
                  .arg(count_text(count.kept), count_text(count.ever));
    return kept % separator;
}

QString search_status_text(const LiveSnapshot& snapshot, const LiveSearchStatus& status,
                           const QString& range) {
    QStringList parts;
    parts.append(
        snapshot.matched() == 1
            ? Text::tr("search of the topic: 1 match")
            : Text::tr("search of the topic: %1 matches").arg(count_text(snapshot.matched())));
    if (snapshot.timed)
        parts.append(Text::tr("time range: %1").arg(range));
    if (status.error)
        parts.append(QStringLiteral("▲ ") % QString::fromStdString(status.error->text()));
    else if (!status.finished && status.share >= 0)
        parts.append(Text::tr("%1 read").arg(share_text(status.share)));
    if (!status.line.isEmpty())
        parts.append(status.line);
    return parts.join(separator);
}

} // namespace weir
