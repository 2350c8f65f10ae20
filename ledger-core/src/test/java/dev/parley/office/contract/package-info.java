/**
 * What every post office promises, as tests. An office is held to it by an {@link dev.parley.office.contract.OfficeUnderTest} of its
 * own, and one small subclass per contract that opens it.
 *
 * <p>A contract knows neither files nor the numbers of processes.
 */
@NullMarked
package dev.parley.office.contract;

import org.jspecify.annotations.NullMarked;
