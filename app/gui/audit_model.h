// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The audit trail as rows: who did what, when and why, the newest first. Texts come from a file
// that others write too: control characters are escaped. Thread contract: GUI thread only;
// read_audit() from any other one, it reads a file. Bound: audit_entries_max entries.
#pragma once

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/store/audit_store.h"
#include "widgets/common/zone_clock.h"

namespace weir {

inline constexpr std::int64_t audit_entries_max = 5'000;

/// The trail as it was read.
struct AuditReading {
    std::string file;
    std::vector<store::AuditEntry> entries; // the newest first
    bool none = false;                      // nothing has been recorded yet
    std::optional<Error> error;             // it cannot be read
    std::optional<Error> broken;            // an entry does not follow from the one before
};
AuditReading read_audit(const std::string& file);

class AuditModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Time, Who, Action, Subject, Reason, ColumnCount };
    explicit AuditModel(const ZoneClock& clock, QObject* parent = nullptr);

    void setEntries(std::vector<store::AuditEntry> entries);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    const ZoneClock& m_clock;
    std::vector<store::AuditEntry> m_entries;
};

} // namespace weir
