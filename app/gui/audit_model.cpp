// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/audit_model.h"

#include <filesystem>

#include "models/live/plain_tooltip.h"
#include "models/live/printable.h"

namespace weir {

namespace {

QString shown(const std::string& text) {
    return QString::fromStdString(printable(text));
}

} // namespace

AuditReading read_audit(const std::string& file) {
    AuditReading read{.file = file};
    std::error_code gone;
    if (!std::filesystem::exists(file, gone)) {
        read.none = true;
        return read;
    }
    const auto trail = store::AuditStore::open_read_only(file);
    if (!trail) {
        read.error = trail.error();
        return read;
    }
    auto entries = (*trail)->newest(audit_entries_max);
    if (!entries) {
        read.error = entries.error();
        return read;
    }
    read.entries = *std::move(entries);
    read.none = read.entries.empty();
    if (const auto chain = (*trail)->verify(); !chain)
        read.broken = chain.error();
    return read;
}

AuditModel::AuditModel(const ZoneClock& clock, QObject* parent)
    : QAbstractTableModel(parent)
    , m_clock(clock) {}

void AuditModel::setEntries(std::vector<store::AuditEntry> entries) {
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int AuditModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int AuditModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AuditModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const store::AuditEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole && index.column() == Reason)
        return plain_tooltip(
            shown(entry.details.empty() ? entry.reason : entry.reason + "  " + entry.details));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return m_clock.date_time(entry.time.value(), Precision::Seconds);
    case Who:
        return shown(entry.who);
    case Action:
        return shown(entry.action);
    case Subject:
        return shown(entry.subject);
    default:
        return shown(entry.reason);
    }
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Who:
        return tr("Who");
    case Action:
        return tr("What");
    case Subject:
        return tr("Connection");
    case Reason:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace weir
