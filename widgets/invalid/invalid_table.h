// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of reasons: it keeps what was chosen while reports come, and leaves out columns that
// matter less where there is no room.
// Thread contract: GUI thread only. Bound: the report's.
#pragma once

#include "models/invalid/invalid_model.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/zone_clock.h"

namespace weir {

class InvalidDelegate;

class InvalidTable : public RowTree {
    Q_OBJECT
  public:
    explicit InvalidTable(QWidget* parent = nullptr);

    void setReport(std::shared_ptr<const InvalidReport> report,
                   std::shared_ptr<const Vocabulary> vocabulary);
    void setFilter(const QString& words, bool bots);
    void setClock(const ZoneClock& clock);
    /// Whether rows are told apart by type, source, platform and version.
    void setSplit(bool split);

    const InvalidModel* invalidModel() const { return m_model; }
    QByteArray chosenKey() const { return m_wanted; }
    void choose(const QByteArray& key);

  Q_SIGNALS:
    void chosen();  // another row, or another content of the same
    void settled(); // by hand

  protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void restore();
    void fitColumns();

    InvalidModel* const m_model;
    InvalidDelegate* const m_delegate;
    QByteArray m_wanted;
    bool m_split = false;
    bool m_restoring = false;
};

} // namespace weir
