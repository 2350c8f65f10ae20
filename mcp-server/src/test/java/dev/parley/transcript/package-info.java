/** Tests of the reading of transcripts. */
package dev.parley.transcript;
