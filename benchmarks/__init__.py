"""What is measured of the reader, outside the pipeline: accuracy against goldens, speed against other tools."""
