/** Tests of the client of programs that speak JSON-RPC. */
@org.jspecify.annotations.NullMarked
package dev.parley.rpc;
