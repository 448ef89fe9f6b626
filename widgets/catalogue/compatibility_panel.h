// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two versions of one type held against each other: which readers can take whose events, and each
// difference by name. The comparing is done elsewhere; tick() fetches its answer.
// Thread contract: GUI thread only. Bound: compare_schemas()'.
#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "models/catalogue/later.h"
#include "models/contract/compatibility.h"
#include "models/contract/contract.h"

class QComboBox;
class QTableView;

namespace weir {

class FactsModel;
class Pill;
class TextLabel;

class CompatibilityPanel : public QWidget {
    Q_OBJECT
  public:
    explicit CompatibilityPanel(QWidget* parent = nullptr);

    /// The versions there are, newest first, and the one that is looked at: it is held against the
    /// one before it, until the user chooses others.
    void setVersions(std::vector<std::shared_ptr<const Contract>> versions,
                     const std::shared_ptr<const Contract>& looked_at);
    void tick();

    QComboBox* older() const { return m_older; }
    QComboBox* newer() const { return m_newer; }
    FactsModel* differences() const { return m_differences; }
    QString verdict() const;

  private:
    void compare();
    void show(const Compatibility& found);
    std::shared_ptr<const Contract> chosen(const QComboBox* box) const;

    std::vector<std::shared_ptr<const Contract>> m_versions;
    std::shared_ptr<const Contract> m_looked_at;
    Later<Compatibility> m_answer;
    std::shared_ptr<const Compatibility> m_shown;
    QWidget* m_choice;
    QComboBox* m_older;
    QComboBox* m_newer;
    Pill* m_backward;
    Pill* m_forward;
    Pill* m_full;
    TextLabel* m_verdict;
    QTableView* m_table;
    FactsModel* m_differences;
};

} // namespace weir
